import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { apiOf } from '../support/api.ts';
import { busOf, seenInShop } from '../support/bus.ts';
import { LARGEST_PICTURE, takePicture } from './support/picture.ts';
import { useBrowser } from './support/session.ts';

/** One issue, in a browser. */

const url = inject('stackUrl');
const api = apiOf(url);
const { putSeen, close } = busOf(`${url}/_local/eventbridge`);
const { open } = useBrowser();
afterAll(close);

describe('an issue that an event begins', () => {
  it('arrives in the list by itself, and tells which rule, frame and gates led to its owner', async () => {
    const { page } = await open();
    const title = 'ZeroDivisionError: the basket is empty';
    await putSeen(seenInShop('basket', { title }));
    await page.getByRole('link', { name: title }).click();
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    const why = page.getByRole('region', { name: 'Why' });
    await expect.poll(() => why.textContent()).toContain('path:app/* #core decides');
    expect(await why.textContent()).toContain('by app/cart.py, where the error is, names #core');
    await expect.poll(() => why.textContent()).toContain('debounce: stops');
    expect(await why.textContent()).toContain('killSwitch: passes');
    const happened = page.getByRole('region', { name: 'What happened' });
    expect(await happened.textContent()).toContain(
      'Baton gave it to #core, by the rule path:app/* #core.',
    );
    expect(await page.getByRole('combobox', { name: 'Owner' }).inputValue()).toBe('team:21');
    expect((await takePicture(page, 'issue')).length).toBeLessThan(LARGEST_PICTURE);
  });
});

it('an error that an SDK sends to the DSN on the page is an issue in the list', async () => {
  const { page } = await open('#/setup');
  const shop = page.getByRole('region', { name: 'Shop' });
  const dsn = new URL(await shop.getByRole('textbox', { name: 'DSN' }).inputValue());
  await page.getByRole('link', { name: 'Issues' }).click();
  const value = 'the till is locked';
  const stacktrace = { frames: [{ filename: 'app/till.py', function: 'pay', in_app: true }] };
  const { status } = await fetch(
    `${dsn.origin}/api${dsn.pathname}/store/?sentry_key=${dsn.username}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        event_id: randomUUID().replaceAll('-', ''),
        platform: 'python',
        exception: { values: [{ type: 'TillError', value, stacktrace }] },
      }),
    },
  );
  expect(status).toBe(200);
  await page.getByRole('link', { name: `TillError: ${value}` }).click();
  const why = page.getByRole('region', { name: 'Why' });
  await expect.poll(() => why.textContent()).toContain('by app/till.py, where the error is, names');
});

describe('an issue', () => {
  it('is resolved, opened again and given to somebody, which its history tells', async () => {
    const { page } = await open('#/issues/SHOP-1');
    const happened = page.getByRole('region', { name: 'What happened' });
    await page.getByRole('button', { name: 'Resolve' }).click();
    await expect.poll(() => happened.textContent()).toContain('Alice resolved it.');
    expect((await api.get('/api/0/issues/101/')).body.status).toBe('resolved');
    await page.getByRole('button', { name: 'Reopen' }).click();
    await expect.poll(() => happened.textContent()).toContain('Alice opened it again.');
    await page.getByRole('combobox', { name: 'Owner' }).selectOption({ label: 'Bob' });
    await expect.poll(() => happened.textContent()).toContain('Alice gave it to ');
    expect((await api.get('/api/0/issues/101/')).body.assignedTo).toMatchObject({ id: '12' });
  });

  it('that is not there is said to be so', async () => {
    const { page, refusedWith } = await open('#/issues/SHOP-999');
    refusedWith.add(404);
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('does not exist');
  });
});
