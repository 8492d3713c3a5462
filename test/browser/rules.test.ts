import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { apiOf } from '../support/api.ts';
import { busOf, seenInShop } from '../support/bus.ts';
import { useBrowser } from './support/session.ts';

/** The rules of a project, in a browser. */

const url = inject('stackUrl');
const api = apiOf(url);
const { putSeen, close } = busOf(`${url}/_local/eventbridge`);
const { open } = useBrowser();
const RULES = '/api/0/projects/acme/shop/ownership/';
const BEFORE = 'path:app/* #core\nurl:*checkout* bob@acme.io';

beforeAll(async () => {
  await putSeen(seenInShop('previewed', { title: 'RuntimeError: to be previewed' }));
  await api.idle();
});
afterAll(async () => {
  await api.put(RULES, { raw: BEFORE });
  close();
});

describe('the rules of a project', () => {
  it('are previewed while they are typed, and nothing is saved', async () => {
    const { page } = await open('#/rules/shop');
    const text = page.getByRole('textbox', { name: 'Rules, one a line' });
    expect(await text.inputValue()).toBe(BEFORE);
    await text.fill('path:app/* bob@acme.io');
    const moved = page.getByRole('table', { name: 'Issues that would move' });
    await moved.waitFor();
    const row = moved.getByRole('row').last();
    expect(await row.textContent()).toContain('#core');
    expect(await row.textContent()).toContain('path:app/* bob@acme.io');
    expect((await api.get(RULES)).body.raw).toBe(BEFORE);
  });

  it('have what is wrong with them beside them, with a way to it', async () => {
    const { page } = await open('#/rules/shop');
    const text = page.getByRole('textbox', { name: 'Rules, one a line' });
    await text.fill(`${BEFORE}\npath:lib/* #cores`);
    await page.getByRole('heading', { name: 'Wrong: 1' }).waitFor();
    const wrong = page.getByRole('region', { name: 'Wrong: 1' });
    expect(await wrong.textContent()).toContain('Perhaps #core');
    await wrong.getByRole('button', { name: 'Line 3, column 12' }).click();
    const { start, isFocused } = await text.evaluate((field: HTMLTextAreaElement) => ({
      start: field.selectionStart,
      isFocused: field.ownerDocument.activeElement === field,
    }));
    expect([start, isFocused]).toEqual([`${BEFORE}\npath:lib/* `.length, true]);
  });

  it('are saved, unless somebody has saved others meanwhile', async () => {
    const { page, refusedWith } = await open('#/rules/shop');
    refusedWith.add(412);
    const text = page.getByRole('textbox', { name: 'Rules, one a line' });
    const save = page.getByRole('button', { name: 'Save' });
    await text.fill('path:app/* #core');
    await save.click();
    await expect
      .poll(() => page.getByRole('status').textContent())
      .toBe('The rules of shop are saved.');
    expect((await api.get(RULES)).body.raw).toBe('path:app/* #core');
    await api.put(RULES, { raw: 'path:app/* alice@acme.io' });
    await text.fill('path:lib/* #core');
    await save.click();
    await page.getByRole('alert').waitFor();
    expect((await api.get(RULES)).body.raw).toBe('path:app/* alice@acme.io');
    await page.getByRole('button', { name: 'Read again' }).click();
    await expect.poll(() => text.inputValue()).toBe('path:app/* alice@acme.io');
  });
});
