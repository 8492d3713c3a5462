/** Texts of decimal digits: ids of every kind, and the numbers of versions. */

const DIGITS = /^[0-9]+$/;

/** Whether a text is digits and nothing else. Such a text is an id, and never a slug. */
export function isDigits(text: string): boolean {
  return DIGITS.test(text);
}

/** Ids are 64-bit numbers. The table refuses keys of thousands of digits: nobody asks for these. */
const ID = /^[0-9]{1,19}$/;

/** Whether a text from outside can be an id. */
export function isId(text: string): boolean {
  return ID.test(text);
}

/** The same number without zeros in front: `007` is `7`, and `0` stays. */
export function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=[0-9])/, '');
}
