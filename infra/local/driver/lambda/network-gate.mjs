/**
 * The network of a function in a VPC: its process can connect only to the addresses in
 * `BATON_LOCAL_NETWORK`. In AWS other connections hang until the client gives up; here they fail
 * immediately, and the log says why.
 */
import { Socket } from 'node:net';

const reached = new Set(JSON.parse(process.env.BATON_LOCAL_NETWORK ?? '[]'));
const { connect } = Socket.prototype;

Socket.prototype.connect = function (...args) {
  const target = targetOf(args);
  if (target === undefined || reached.has(target)) {
    return connect.apply(this, args);
  }
  const { AWS_LAMBDA_FUNCTION_NAME: name } = process.env;
  const allowed = [...reached].join(' and ');
  const message = `connect ETIMEDOUT ${target}: ${name} is in a VPC and reaches only ${allowed}`;
  process.stderr.write(`${message}\n`);
  const error = Object.assign(new Error(message), { code: 'ETIMEDOUT', syscall: 'connect' });
  process.nextTick(() => this.destroy(error));
  return this;
};

/** The target as `host:port`; undefined for a socket that is a file. */
function targetOf(args) {
  // `net.connect` passes the arguments in an array, after Node has normalized them.
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  const asked = typeof first === 'object' ? first : { port: first, host: second };
  const { port, host, path } = asked;
  if (path !== undefined && path !== null && port === undefined) {
    return undefined;
  }
  return `${typeof host === 'string' ? host : 'localhost'}:${port}`;
}
