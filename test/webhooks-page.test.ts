import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { PING_TYPE, WEBHOOK_TYPES } from '../shared/domain/webhooks/webhook-types.ts';
import { bodySchema } from './support/webhooks/body-schemas.ts';
import { exampleModules, plainExample, typesOnPage } from './support/webhooks/page-examples.ts';

type Example = {
  readonly isGenuine: (secret: string, headers: object, body: string) => boolean;
  readonly contentOf: (secret: string, headers: object, body: string) => unknown;
};

const secretOf = (letter: string) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`;
const BODY = '{"type":"webhook.ping","data":{}}';

function headersOf(secrets: readonly string[], at = new Date()) {
  return {
    'webhook-id': 'event-1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets
      .map((secret) => new Webhook(secret).sign('event-1', at, BODY))
      .join(' '),
  };
}

describe('what receivers are told', () => {
  it('names every type, as the schema does', () => {
    const all = [...WEBHOOK_TYPES, PING_TYPE].toSorted();
    expect(typesOnPage().toSorted()).toEqual(all);
    const types = bodySchema.oneOf.map(({ $ref }) => $ref.replace('#/$defs/', ''));
    expect(types.toSorted()).toEqual(all);
  });

  it('shows the module that the receiver to be tried verifies with', () => {
    const module = fileURLToPath(
      new URL('../docs/examples/webhooks/is-genuine.mjs', import.meta.url),
    );
    expect(plainExample()).toBe(readFileSync(module, 'utf8'));
  });

  it('verifies what is genuine, over a rotation, and nothing else', async () => {
    const modules = exampleModules();
    expect(modules).toHaveLength(2);
    const [plain, library]: Example[] = await Promise.all(modules.map((code) => import(code)));
    const verifies = (secret: string, headers: object, text = BODY) => [
      plain?.isGenuine(secret, headers, text),
      content(() => library?.contentOf(secret, headers, text)),
    ];
    const rotated = headersOf([secretOf('b'), secretOf('a')]);
    for (const letter of ['a', 'b']) {
      expect(verifies(secretOf(letter), rotated)).toEqual([true, true]);
    }
    expect(verifies(secretOf('c'), rotated)).toEqual([false, false]);
    expect(verifies(secretOf('a'), rotated, `${BODY} `)).toEqual([false, false]);
    const old = headersOf([secretOf('a')], new Date(Date.now() - 600_000));
    expect(verifies(secretOf('a'), old)).toEqual([false, false]);
    for (const name of Object.keys(rotated)) {
      const { [name as keyof typeof rotated]: _, ...without } = rotated;
      expect(verifies(secretOf('a'), without), name).toEqual([false, false]);
    }
  });
});

function content(read: () => unknown): boolean {
  try {
    expect(read()).toEqual(JSON.parse(BODY));
    return true;
  } catch {
    return false;
  }
}
