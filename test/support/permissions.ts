import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A permission of a role, as the local stack tells of it. */
type Grant = {
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  readonly used: boolean;
};

type Account = { readonly grants: readonly Grant[]; readonly refusals: readonly Grant[] };

const FILE = 'permissions.jsonl';

/** What a stack says of the permissions of its functions. */
export async function readAccount(url: string): Promise<Account> {
  return (await (await fetch(`${url}/_local/permissions`)).json()) as Account;
}

/** Keeps a stack's account for the end of the run, with the test file that it belongs to. */
export function keepAccount(folder: string, file: string, { grants }: Account): void {
  const rows = grants.map((grant) => ({ name: nameOf(grant), used: grant.used }));
  appendFileSync(join(folder, FILE), `${JSON.stringify({ file, rows })}\n`);
}

/** What a run of tests made of the permissions: the files that took part, and what none used. */
export function readAccounts(folder: string): { files: Set<string>; unused: string[] } {
  const path = join(folder, FILE);
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  const accounts = lines.map(
    (line) => JSON.parse(line) as { file: string; rows: { name: string; used: boolean }[] },
  );
  const used = new Map<string, boolean>();
  for (const { name, used: isUsed } of accounts.flatMap(({ rows }) => rows)) {
    used.set(name, isUsed || used.get(name) === true);
  }
  return {
    files: new Set(accounts.map(({ file }) => file)),
    unused: [...used].filter(([, isUsed]) => !isUsed).map(([name]) => name),
  };
}

/** Streams have another name in each stack, by the time that they began. */
function nameOf({ caller, action, resource }: Grant): string {
  const [, , , , , ...rest] = resource.replace(/\/stream\/.*$/, '/stream').split(':');
  return `${caller}: ${action} on ${rest.join(':') || resource}`;
}
