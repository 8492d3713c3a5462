import { readdirSync, readFileSync } from 'node:fs';

/** The processes of these functions of a stack in this process, as the kernel lists them. */
export function processesOf(names: readonly string[]): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^[0-9]+$/.test(entry))
    .filter((pid) => {
      try {
        const isOurs = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1];
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return (
          isOurs === String(process.pid) &&
          names.some((name) => environment.includes(`AWS_LAMBDA_FUNCTION_NAME=baton-local-${name}`))
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}
