import type { Page } from 'playwright-core';

/** Roles that say nothing to a person who does not see them, unless they have a name. */
const named = [
  'button',
  'checkbox',
  'combobox',
  'form',
  'heading',
  'img',
  'link',
  'navigation',
  'region',
  'searchbox',
  'textbox',
] as const;
/** The least contrast of text that WCAG's level AA asks for, whatever the size of the text. */
const LEAST_CONTRAST = 4.5;

/** What of a page has a role without a name, as the browser tells it to a screen reader. */
export async function unnamedParts(page: Page): Promise<string[]> {
  const snapshot = await page.locator('body').ariaSnapshot();
  const unnamed = new RegExp(`^ *- (?:${named.join('|')})(?: \\[[^\\]]*\\])*:?$`);
  return snapshot.split('\n').filter((line) => unnamed.test(line));
}

/** The landmarks of a page and the levels of its headings, in their order. */
export function outlineOf(page: Page) {
  return page.evaluate(() => ({
    language: document.documentElement.lang,
    landmarks: ['header', 'nav[aria-label=Views]', 'main', 'footer [role=status]'].map(
      (selector) => document.querySelectorAll(selector).length,
    ),
    levels: [...document.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) =>
      Number(tagName.slice(1)),
    ),
    ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
  }));
}

/** Texts with less contrast to what is behind them than people need; disabled ones do not count. */
export function paleTexts(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string) => {
      const [red = 0, green = 0, blue = 0] = channels(color)
        .slice(0, 3)
        .map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const isOpaque = (color: string) => (channels(color)[3] ?? 1) === 1;
    const behind = (element: Element | null): string => {
      if (element === null) {
        return 'rgb(255, 255, 255)';
      }
      const { backgroundColor } = getComputedStyle(element);
      return isOpaque(backgroundColor) ? backgroundColor : behind(element.parentElement);
    };
    return [...document.querySelectorAll('body *')].flatMap((element) => {
      const isText = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
      );
      if (!(isText || element.matches('input, textarea')) || element.matches(':disabled, option')) {
        return [];
      }
      const [one, other] = [getComputedStyle(element).color, behind(element)].map(luminance);
      const [dark = 0, light = 0] = [one ?? 0, other ?? 0].sort((a, b) => a - b);
      const ratio = (light + 0.05) / (dark + 0.05);
      return ratio < least
        ? [`${element.tagName} "${element.textContent?.trim().slice(0, 40)}": ${ratio.toFixed(2)}`]
        : [];
    });
  }, LEAST_CONTRAST);
}

/** Presses Tab until what has the focus has this role and name; counts how often. */
export async function tabTo(page: Page, role: Role, name: string, most = 100): Promise<number> {
  const wanted = page.getByRole(role, { name, exact: true });
  for (let presses = 1; presses <= most; presses++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      return presses;
    }
  }
  throw new Error(`${most} presses of Tab do not lead to the ${role} ${name}.`);
}

type Role = Parameters<Page['getByRole']>[0];
