import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../product-source.ts';

/** A page of the documents, by its path in the repository. */
export function readPage(page: string): string {
  return readFileSync(join(repository, page), 'utf8');
}

/** What stands in the blocks of a page, in their order. */
export function blocksOf(text: string): string[] {
  return [...text.matchAll(/^```\w*\n([\s\S]*?)\n```$/gm)].map(([, block]) => block ?? '');
}

/**
 * The lines of blocks that begin with a program, without their comments, and what of it stands
 * within a sentence.
 */
export function commandsOf(text: string): string[] {
  const inBlocks = blocksOf(text)
    .flatMap((block) => block.replaceAll(/ \\\n\s*/g, ' ').split('\n'))
    .map((line) => line.replace(/ {2,}#.*$/, '').trim());
  const inSentences = [...text.matchAll(/`((?:npm|npx) [^`]+)`/g)].map(([, code]) => code ?? '');
  return [...inBlocks, ...inSentences].filter(
    (line) =>
      /^(?:npm|npx|curl|aws|cdk|node|git) /.test(line) &&
      !/[A-Z]{4}\b|\.\.\./.test(line.replace(/^curl.*/, '')),
  );
}

/** A line of a page, for a stack that runs on another port. */
export function atStack(line: string, url: string): string {
  return line.replaceAll('127.0.0.1:8787', new URL(url).host);
}

/**
 * A `curl` with -X, -H and -d, at the address of a stack that runs; what its answer is piped into
 * is left out.
 */
export function curl(command: string, url: string): Promise<Response> {
  const words = [...command.replace(/ \| .*$/, '').matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
  const valuesOf = (option: string) =>
    words.flatMap((word, index) => (words[index - 1] === option ? [word] : []));
  const address = words.find((word) => word.startsWith('http')) ?? '';
  const [body] = valuesOf('-d');
  return fetch(atStack(address, url), {
    method: valuesOf('-X')[0] ?? 'GET',
    headers: valuesOf('-H').map((header): [string, string] => {
      const [name = '', value = ''] = header.split(': ');
      return [name, value];
    }),
    ...(body !== undefined && { body }),
  });
}
