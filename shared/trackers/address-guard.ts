import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Keeps an integration's base URL out of the network that Baton runs in. Otherwise everyone who can
 * create an integration could read internal services and the cloud's metadata through Baton.
 */

/** Private networks. A tracker on the internet has no such address. */
const privateRanges: readonly (readonly [string, number])[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['::1', 128],
  ['fc00::', 7],
];

/**
 * Networks in which no tracker can be: metadata services, multicast, reserved ranges, translations.
 */
const forbiddenRanges: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  // Forms that carry an IPv4 address inside, which a router may unpack: IPv4-compatible,
  // IPv4-translated, NAT64, Teredo, 6to4. (IPv4-mapped addresses are refused before: a BlockList
  // takes their range for every IPv4 address.)
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fd00:ec2::', 32],
  ['fd20:ce::254', 128],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const privateNetworks = blockList(privateRanges);
const forbiddenNetworks = blockList(forbiddenRanges);

function blockList(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges) {
    list.addSubnet(network, prefix, isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

export type AddressPolicy = {
  /** Allows addresses in private networks, and plain http. Metadata services stay forbidden. */
  readonly allowPrivateAddress: boolean;
  /** What is called, in the sentences of refusals; a tracker by default. */
  readonly callee?: 'tracker' | 'webhook';
};

/** The error for a refused base URL or resolved address. Its message is for users. */
export type AddressRefusal = Error & { readonly code: 'BATON_ADDRESS_REFUSED' };

export function isAddressRefusal(error: unknown): error is AddressRefusal {
  return error instanceof Error && 'code' in error && error.code === 'BATON_ADDRESS_REFUSED';
}

function refusal(message: string): AddressRefusal {
  return Object.assign(new Error(message), { code: 'BATON_ADDRESS_REFUSED' as const });
}

/** Whether an IP address (v4 or v6, as text) may be connected to. */
export function isAllowedAddress(address: string, policy: AddressPolicy): boolean {
  const plain = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const family = isIP(plain);
  if (family === 0 || isMapped(plain)) {
    return false;
  }
  const type = family === 6 ? 'ipv6' : 'ipv4';
  // Loopback is inside the IPv4-compatible range, so the narrower list is checked first.
  if (privateNetworks.check(plain, type) && !isMetadata(plain)) {
    return policy.allowPrivateAddress;
  }
  return !forbiddenNetworks.check(plain, type);
}

/**
 * Metadata addresses inside a private range. All services that AWS offers inside a VPC are below
 * fd00:ec2::/32: metadata (254), credentials of containers (23), DNS, time.
 */
function isMetadata(address: string): boolean {
  return metadataNetworks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

const metadataNetworks = blockList([
  ['100.100.100.200', 32],
  ['fd00:ec2::', 32],
  ['fd20:ce::254', 128],
]);

/**
 * Whether an address is in `::ffff:0:0/96`, an IPv4 address in IPv6 notation. No tracker is
 * configured so, and no resolver answers so.
 */
function isMapped(address: string): boolean {
  if (isIP(address) !== 6) {
    return false;
  }
  // The URL parser normalizes every spelling.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  return /^::ffff:[0-9a-f]{1,4}:[0-9a-f]{1,4}$/.test(canonical);
}

/**
 * Requires an allowed URL, before its name is resolved: https (or http where private addresses are
 * allowed), no credentials, and no forbidden address in any spelling (the URL parser has already
 * turned decimal, octal and hexadecimal forms into dotted ones).
 */
export function requireAllowedUrl(url: URL, policy: AddressPolicy): void {
  const { callee = 'tracker' } = policy;
  const schemes = policy.allowPrivateAddress ? ['https:', 'http:'] : ['https:'];
  if (!schemes.includes(url.protocol)) {
    throw refusal(`The address of a ${callee} must begin with https://.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw refusal(`The address of a ${callee} must not contain credentials.`);
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isAllowedAddress(host, policy)) {
    throw refusal(`The address of the ${callee} is not on the public internet.`);
  }
}

/** Says what is wrong with an integration's `baseUrl`; null where nothing is. */
export function baseUrlProblem(baseUrl: string, policy: AddressPolicy): string | null {
  const url = URL.parse(baseUrl);
  if (url === null) {
    return `The address of a ${policy.callee ?? 'tracker'} must be a URL.`;
  }
  try {
    requireAllowedUrl(url, policy);
    return null;
  } catch (error) {
    if (isAddressRefusal(error)) {
      return error.message;
    }
    throw error;
  }
}

/**
 * A `lookup` for sockets. It checks the very addresses that the connection uses, so a name that
 * resolves differently a moment later (DNS rebinding) gains nothing. One forbidden address among
 * several refuses the name: no tracker has both kinds.
 */
export function guardedLookup(
  policy: AddressPolicy,
  lookup: LookupFunction = systemLookup as LookupFunction,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, address, family) => {
      if (error !== null) {
        callback(error, address, family);
      } else if (areAllowed(address, policy)) {
        callback(null, address, family);
      } else {
        callback(refusal(`${hostname} is not on the public internet.`), '');
      }
    });
  };
}

type LookedUp = Parameters<Parameters<LookupFunction>[2]>[1];

function areAllowed(address: LookedUp, policy: AddressPolicy): boolean {
  const found = Array.isArray(address) ? address.map((entry) => entry.address) : [address];
  return found.length > 0 && found.every((one) => isAllowedAddress(one, policy));
}
