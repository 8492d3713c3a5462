import { compileRules } from '../../shared/domain/ownership/compile.ts';
import type { Rule } from '../../shared/domain/ownership/rule.ts';
import { evaluateOwnership } from '../domain/ownership/builders.ts';
import { median } from './measure/median.ts';
import { atMost, type Report } from './page/report.ts';

const RULE_COUNT = 10_000;
const FRAME_COUNT = 200;
const ROUNDS = 3;
/** Linear, where every path is twice as long. */
const TARGET_GROWTH = 2;

/** `path` gives the file of one frame; `scale` 2 asks for one with twice the text. */
type Scenario = {
  readonly name: string;
  readonly rule: (at: number) => readonly [Rule['matcher']['type'], string];
  readonly path: (at: number, scale: number) => string;
};

/**
 * 10,000 rules against an event of 200 frames: rules and paths as projects have them, and such as
 * someone would write to make matching slow. Steps are exact, CPU times are ratios to the ordinary
 * case of the same run. `growth` is how many times the steps rise when every path is twice as long:
 * 2 is linear, 4 would be square, more would be backtracking.
 *
 * The ordinary case is so cheap because an index keeps most rules from being asked at all; `each
 * rule asked` is what ordinary rules cost without its help.
 */
export function runOwnershipBench(report: Report): void {
  const results = scenarios.map((scenario) => ({ name: scenario.name, ...measure(scenario) }));
  const base = results[0]?.ms ?? Number.NaN;
  report.table({
    columns: [
      'rules and paths',
      'steps',
      'growth',
      { name: 'CPU ms', isTime: true },
      'CPU, times ordinary',
      { name: 'CPU ms to compile', isTime: true },
    ],
    rows: results.map(({ name, steps, growth, ms, compileMs }) => [
      name,
      steps,
      atMost(growth, TARGET_GROWTH),
      Number(ms.toFixed(1)),
      Number((ms / base).toFixed(1)),
      Math.round(compileMs),
    ]),
  });
}

/** The median of a few rounds, after one that does not count. */
function measure({ rule, path }: Scenario) {
  const rules = Array.from({ length: RULE_COUNT }, (_, at): Rule => {
    const [type, pattern] = rule(at);
    return { matcher: { type, pattern }, owners: [{ type: 'team', identifier: 'core' }] };
  });
  const compileStart = cpuMs();
  const own = compileRules(rules.filter(({ matcher }) => matcher.type !== 'codeowners'));
  const codeowners = compileRules(rules.filter(({ matcher }) => matcher.type === 'codeowners'));
  const compileMs = cpuMs() - compileStart;
  const evaluate = (event: unknown) =>
    evaluateOwnership({
      rules: own,
      codeowners,
      event,
      resolve: () => ({ type: 'team', id: '21' }),
      stepLimit: Number.MAX_SAFE_INTEGER,
    });

  const event = eventOf((at) => path(at, 1));
  const { steps } = evaluate(event);
  const growth = evaluate(eventOf((at) => path(at, 2))).steps / steps;
  const times = Array.from({ length: ROUNDS }, () => {
    const start = cpuMs();
    evaluate(event);
    return cpuMs() - start;
  });
  return { steps, growth, compileMs, ms: median(times) };
}

/** The time of the processor that this process has had. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const sourceFile = (at: number, scale: number) =>
  `src/${`${word(at)}/${word(at * 7)}/`.repeat(scale)}${word(at * 13)}_${at}.py`;

const scenarios: readonly Scenario[] = [
  {
    name: 'ordinary: paths and CODEOWNERS',
    rule: (at) => [at % 2 === 0 ? 'path' : 'codeowners', ordinaryPattern(at)],
    path: sourceFile,
  },
  {
    name: 'each rule asked: two letters or less',
    rule: (at) => ['path', `*${letter(at)}*${letter(at / 26)}*${letter(at / 676)}*`],
    path: sourceFile,
  },
  {
    name: 'every rule matches every frame',
    rule: (at) => ['path', '*'.repeat(1 + (at % 30))],
    path: sourceFile,
  },
  {
    name: 'stars between letters, the last one missing',
    rule: (at) => ['path', `${'*a'.repeat(12 + (at % 20))}*z`],
    path: (at, scale) => `${at}${'a'.repeat(48 * scale)}`,
  },
  {
    name: 'stars between letters, the last out of reach',
    rule: (at) => ['path', `${'*a'.repeat(12 + (at % 20))}*z*`],
    path: (at, scale) => `z${at}${'a'.repeat(48 * scale)}`,
  },
  {
    name: 'a run that occurs everywhere but for its end',
    rule: (at) => ['path', `*${'a'.repeat(10 + (at % 20))}z*`],
    path: (at, scale) => `${at}${'a'.repeat(48 * scale)}/aaz`,
  },
  {
    name: 'question marks between letters',
    rule: (at) => ['path', `*${'?a'.repeat(5 + (at % 10))}?z*`],
    path: (at, scale) => `z${at}${'a'.repeat(48 * scale)}`,
  },
  {
    name: 'codeowners: ** before every component',
    rule: (at) => ['codeowners', `${'**/a/'.repeat(4 + (at % 12))}z?`],
    path: (at, scale) => `z${at}/${'a/'.repeat(24 * scale)}a`,
  },
  {
    name: 'codeowners: stars within components',
    rule: (at) => ['codeowners', `**/${'*a'.repeat(6 + (at % 12))}*z*/c?`],
    path: (at, scale) => `${`z${at}${'a'.repeat(20)}/`.repeat(4 * scale)}c`,
  },
];

function ordinaryPattern(at: number): string {
  const patterns = [
    `src/${word(at)}/${word(at * 3)}/*`,
    `*/${word(at * 5)}/${word(at)}_${at}.py`,
    `src/${word(at)}/*/test_${word(at * 11)}${at}.py`,
    `*${word(at * 3)}${at}*`,
  ];
  return patterns[(at >> 1) % patterns.length] ?? '*';
}

function eventOf(filename: (at: number) => string): unknown {
  const frames = Array.from({ length: FRAME_COUNT }, (_, at) => ({ filename: filename(at) }));
  return { exception: { values: [{ stacktrace: { frames } }] } };
}

function letter(seed: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + (Math.floor(seed) % 26));
}

/** One of 400 words that look like the names of directories. */
function word(seed: number): string {
  const heads = ['cart', 'user', 'pay', 'mail', 'auth', 'order', 'stock', 'tax', 'ship', 'web'];
  const tails = ['', 's', '_api', '_core', '_jobs', '_db', '_views', '_forms'];
  const middles = ['', 'ing', 'er', 'let', 'ment'];
  const at = seed % 400;
  return `${heads[at % 10]}${middles[Math.floor(at / 80)]}${tails[Math.floor(at / 10) % 8]}`;
}
