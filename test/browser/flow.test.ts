import { describe, expect, inject, it } from 'vitest';
import { apiOf } from '../support/api.ts';
import { LARGEST_PICTURE, takePicture } from './support/picture.ts';
import { useBrowser } from './support/session.ts';

/** The flow of requests, in a browser. */

const api = apiOf(inject('stackUrl'));
const { open } = useBrowser();

describe('the flow', () => {
  it('shows an assignment on its way from its transaction to the tracker', async () => {
    const { page } = await open('#/flow');
    await page.getByText('live', { exact: true }).waitFor();
    await api.put('/api/0/issues/102/', { assignedTo: 'user:12' });
    const flow = page.locator('details.flow').first();
    const kinds = () =>
      flow
        .getByRole('listitem')
        .evaluateAll((items) => [...new Set(items.map((item) => item.dataset.kind))]);
    await expect
      .poll(kinds)
      .toEqual(expect.arrayContaining(['request', 'rows', 'record', 'event', 'queue', 'tracker']));
    expect(await flow.locator('summary').first().textContent()).toContain('PUT /api/0/issues/102/');
    await api.idle();
    expect((await takePicture(page, 'flow')).length).toBeLessThan(LARGEST_PICTURE);
    const rows = flow.locator('[data-kind=rows]').first();
    expect(await rows.textContent()).toContain('assignment, activity, outbox');
    expect(await rows.locator('pre').isVisible()).toBe(false);
    await rows.locator('summary').click();
    expect(await rows.locator('pre').isVisible()).toBe(true);
    expect(await rows.locator('pre').textContent()).toContain('G#102 A#ASSIGNMENT');
  });

  it('is the same after a reload, and in another window', async () => {
    const [one, other] = [await open('#/flow'), await open('#/flow')];
    await api.put('/api/0/issues/115/', { assignedTo: 'user:12' });
    await api.idle();
    const latest = async ({ page }: typeof one) =>
      (await page.locator('details.flow > summary').allTextContents()).slice(0, 1);
    await expect.poll(() => latest(one)).toEqual([expect.stringContaining('/issues/115/')]);
    await expect.poll(() => latest(other)).toEqual(await latest(one));
    await one.page.reload();
    await expect.poll(() => latest(one)).toEqual(await latest(other));
  });
});
