import { describe, expect, inject, it } from 'vitest';
import { apiOf } from '../support/api.ts';
import { outlineOf, paleTexts, tabTo, unnamedParts } from './support/accessible.ts';
import { useBrowser } from './support/session.ts';

/** The page for people who do not use a mouse, who do not see it, and who prefer the dark. */

const api = apiOf(inject('stackUrl'));
const { open } = useBrowser();

/** Each view, with what is there once it is complete. */
const views = [
  ['#/issues', 'SITE-1 in Site'],
  ['#/issues/SITE-1', 'killSwitch: passes'],
  ['#/rules/shop', 'What a save would do'],
  ['#/flow', 'live'],
  ['#/setup', 'DSN'],
] as const;

describe.each(views)('%s', (hash, text) => {
  it.each(['light', 'dark'] as const)('can be read in the %s', async (colorScheme) => {
    const { page } = await open(hash, { colorScheme });
    await page.getByText(text).first().waitFor();
    expect(await paleTexts(page)).toEqual([]);
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(ground === 'rgb(255, 255, 255)').toBe(colorScheme === 'light');
  });

  it('names all that people use, in landmarks, under headings in order', async () => {
    const { page } = await open(hash);
    await page.getByText(text).first().waitFor();
    expect(await unnamedParts(page)).toEqual([]);
    const { language, landmarks, levels, ids } = await outlineOf(page);
    expect([language, landmarks]).toEqual(['en', [1, 1, 1, 1]]);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1)).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('by keyboard alone', () => {
  it('an issue is found and given to somebody, and the focus stays', async () => {
    const { page } = await open();
    const owner = page.getByRole('combobox', { name: 'Owner of SHOP-15', exact: true });
    await owner.waitFor();
    await api.put('/api/0/issues/115/', { assignedTo: null });
    await expect.poll(() => owner.inputValue()).toBe('');
    await tabTo(page, 'combobox', 'Owner of SHOP-15');
    const outline = await owner.evaluate((element) => getComputedStyle(element).outlineStyle);
    expect(outline).toBe('solid');
    await page.keyboard.press('ArrowDown');
    const said = page.getByRole('status');
    await expect.poll(() => said.textContent()).toBe('SHOP-15 is unresolved and owned by #core.');
    expect((await api.get('/api/0/issues/115/')).body.assignedTo).toMatchObject({ id: '21' });
    expect(await owner.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('the content is one press away, and a view that is opened begins at its heading', async () => {
    const { page } = await open();
    const focused = () => page.evaluate(() => document.activeElement?.id);
    expect(await tabTo(page, 'button', 'Skip to the content')).toBe(1);
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('main');
    await page.keyboard.press('Shift+Tab');
    await tabTo(page, 'link', 'Flow');
    await page.keyboard.press('Enter');
    const heading = page.getByRole('heading', { level: 1, name: 'Flow' });
    await heading.waitFor();
    expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true);
  });
});

it('an assignment that somebody else made is said', async () => {
  const { page } = await open();
  const owner = page.getByRole('combobox', { name: 'Owner of SHOP-16', exact: true });
  await expect.poll(() => owner.inputValue()).toBe('');
  await api.put('/api/0/issues/116/', { assignedTo: 'user:12' });
  await expect
    .poll(() => page.getByRole('status').textContent())
    .toBe('SHOP-16 is unresolved and owned by Bob.');
});
