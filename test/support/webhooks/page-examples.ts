import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const page = readFileSync(
  fileURLToPath(new URL('../../../docs/webhooks.md', import.meta.url)),
  'utf8',
);

/** The examples in JavaScript that the page of receivers shows, in its order, as modules. */
export function exampleModules(): string[] {
  return [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = '']) => {
    const found = import.meta.resolve('standardwebhooks');
    const resolved = code.replace("'standardwebhooks'", JSON.stringify(found));
    return `data:text/javascript,${encodeURIComponent(resolved)}`;
  });
}

/** The first example in JavaScript, which needs nothing but Node. */
export function plainExample(): string | undefined {
  return /```js\n([\s\S]*?)```/.exec(page)?.[1];
}

/** The example in Python that the page shows. */
export function pythonExample(): string {
  const [, code] = /```python\n([\s\S]*?)```/.exec(page) ?? [];
  if (code === undefined) {
    throw new Error('docs/webhooks.md shows no example in Python.');
  }
  return code;
}

/** The types that the page names. */
export function typesOnPage(): string[] {
  const [table = ''] = /\| type \| when \|\n[\s\S]*?\n\n/.exec(page) ?? [];
  return [...table.matchAll(/`((?:issue|ownership|project|webhook)\.\w+)`/g)]
    .map(([, type = '']) => type)
    .filter((type, index, all) => all.indexOf(type) === index);
}
