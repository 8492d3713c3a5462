import { beforeEach, describe, expect, inject, it } from 'vitest';
import { apiOf } from '../support/api.ts';
import type { OpenedPage } from './support/browser.ts';
import { useBrowser } from './support/session.ts';

/** The list of issues, in a browser. */

const api = apiOf(inject('stackUrl'));
const { open } = useBrowser();
let opened: OpenedPage;

beforeEach(async () => {
  opened = await open();
});

const ownerOf = (shortId: string) =>
  opened.page.getByRole('combobox', { name: `Owner of ${shortId}`, exact: true });
const rowOf = (shortId: string) => opened.page.getByRole('row').filter({ has: ownerOf(shortId) });
const issue = async (id: string) => (await api.get(`/api/0/issues/${id}/`)).body;
const said = () => opened.page.getByRole('status').textContent();

describe('the list of issues', () => {
  it('shows what is open, with who owns it', async () => {
    await expect.poll(() => ownerOf('SITE-1').inputValue()).toBe('team:22');
    const row = rowOf('SITE-1');
    expect(await row.getByRole('link').textContent()).toBe('ReferenceError: cart is not defined');
    expect(await row.textContent()).toContain('unresolved');
    expect(await opened.page.title()).toBe('Issues – Baton on this machine');
  });

  it('shows an assignment that somebody else made, by itself', async () => {
    await expect.poll(() => ownerOf('SHOP-10').inputValue()).toBe('');
    await api.put('/api/0/issues/110/', { assignedTo: 'team:21' });
    await expect.poll(() => ownerOf('SHOP-10').inputValue()).toBe('team:21');
    await api.put('/api/0/issues/110/', { assignedTo: 'user:12' });
    await expect.poll(() => ownerOf('SHOP-10').inputValue()).toBe('user:12');
  });

  it('assigns, and takes back', async () => {
    await ownerOf('SHOP-11').selectOption({ label: '#core' });
    await expect.poll(said).toBe('SHOP-11 is unresolved and owned by #core.');
    expect((await issue('111')).assignedTo).toMatchObject({ type: 'team', id: '21' });
    await ownerOf('SHOP-11').selectOption({ label: 'nobody' });
    await expect.poll(said).toBe('SHOP-11 is unresolved and owned by nobody.');
    expect((await issue('111')).assignedTo).toBeNull();
  });

  it('searches by status, owner and text', async () => {
    const { page } = opened;
    await page.getByRole('searchbox', { name: 'Search' }).fill('currency');
    await page.getByRole('button', { name: 'Search' }).click();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await ownerOf('SHOP-12').waitFor();
    await page.getByRole('combobox', { name: 'Owner', exact: true }).selectOption('nobody');
    await expect.poll(() => decodeURIComponent(page.url())).toContain('assigned:none+currency');
    await page.getByRole('combobox', { name: 'Status' }).selectOption('resolved');
    await page.getByText('No issue is found.').waitFor();
  });

  it('merges what is selected', async () => {
    const { page } = opened;
    const merge = page.getByRole('button', { name: 'Merge' });
    await page.getByRole('checkbox', { name: 'Select SHOP-13' }).check();
    expect(await merge.isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Select SHOP-14' }).check();
    await page.getByRole('group', { name: /^Selected: SHOP-1\d, SHOP-1\d$/ }).waitFor();
    await merge.click();
    await expect.poll(said).toMatch(/^SHOP-1\d, SHOP-1\d merged\.$/);
    await expect
      .poll(async () => (await rowOf('SHOP-13').count()) + (await rowOf('SHOP-14').count()))
      .toBe(1);
    const found = await api.get('/api/0/organizations/acme/issues/?query=issue:[SHOP-13,SHOP-14]');
    expect(new Set(found.body.map(({ id }: { id: string }) => id)).size).toBe(1);
  });

  it('shows what another token reaches', async () => {
    const { page } = opened;
    await page.getByRole('combobox', { name: 'Token' }).selectOption('another one');
    const token = page.getByRole('textbox', { name: 'Another token' });
    await token.fill('baton_local_dave');
    await token.press('Enter');
    await ownerOf('PLANT-1').waitFor();
    expect(await page.getByRole('combobox', { name: 'Organization' }).inputValue()).toBe('globex');
    opened.refusedWith.add(401);
    await token.fill('nobodys');
    await token.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await ownerOf('PLANT-1').count()).toBe(0);
  });

  it('says what the API refuses', async () => {
    const { page } = opened;
    opened.refusedWith.add(403);
    await page.getByRole('combobox', { name: 'Token' }).selectOption('baton_local_reader');
    await page.getByRole('combobox', { name: 'Organization' }).waitFor();
    await ownerOf('SHOP-12').selectOption({ label: '#core' });
    await expect.poll(() => page.getByRole('alert').first().textContent()).toContain('SHOP-12: ');
    expect((await issue('112')).assignedTo).toBeNull();
    await expect.poll(() => ownerOf('SHOP-12').inputValue()).toBe('');
  });
});
