import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../infra/functions.ts';
import { countedNames, repository } from '../support/product-source.ts';
import { render, synthesize, type Template, target } from './template.ts';

let alice: Template;
let prod: Template;

beforeAll(() => {
  alice = synthesize('alice');
  prod = synthesize('prod');
});

const bodyOf = (stack: Template): string =>
  render(stack.only('AWS::CloudWatch::Dashboard').Properties.DashboardBody);

describe('the dashboard', () => {
  it('shows what users see, and below it the machine', () => {
    const { widgets } = JSON.parse(bodyOf(prod)) as {
      widgets: { type: string; y: number; properties: { markdown?: string; title?: string } }[];
    };
    const headings = widgets.flatMap(({ properties, y }) =>
      properties.markdown ? [[properties.markdown, y] as const] : [],
    );
    expect(headings.map(([text]) => text)).toEqual(['# What users see', '# The machine']);
    const machineAt = headings[1]?.[1] ?? 0;
    const rowOf = (title: string) =>
      widgets.find(({ properties }) => properties.title === title)?.y ?? expect.fail(title);
    expect(rowOf('Assignments a minute')).toBeLessThan(machineAt);
    expect(rowOf('Dead letters')).toBeGreaterThan(machineAt);
  });

  it('counts nothing that no function counts', () => {
    const ours = [...bodyOf(prod).matchAll(/"Baton","([^"]+)"/g)].map(([, name]) => name ?? '');
    expect(ours.length).toBeGreaterThan(5);
    const counted = countedNames();
    expect(ours.filter((name) => !counted.has(name))).toEqual([]);
  });

  it('costs money: a personal stage has one where it asks for it', () => {
    expect(alice.all('AWS::CloudWatch::Dashboard')).toEqual([]);
    const asked = synthesize('alice', { dashboard: 'on' });
    expect(asked.only('AWS::CloudWatch::Dashboard').Properties.DashboardName).toBe('baton-alice');
  });
});

describe('the saved queries', () => {
  it('look into the logs of every function, under the name of the stage', () => {
    const groups = [...alice.functions().values()].map(({ properties }) =>
      target(properties.LoggingConfig.LogGroup),
    );
    const queries = alice.all('AWS::Logs::QueryDefinition').map(([, properties]) => properties);
    expect(queries.map(({ Name }) => Name)).toContain('baton-alice/what-fails');
    for (const { LogGroupNames } of queries) {
      expect(LogGroupNames.map(target).sort()).toEqual(groups.sort());
    }
  });
});

describe('a function', () => {
  it.each(FUNCTION_NAMES)('%s logs JSON at the level of the stage', (name) => {
    expect(alice.functions().get(name)?.properties.LoggingConfig).toMatchObject({
      LogFormat: 'JSON',
      ApplicationLogLevel: 'DEBUG',
    });
  });

  it.each(readdirSync(join(repository, 'functions')))(
    '%s names the invocation in its log, if it logs at all',
    (name) => {
      const text = readFileSync(join(repository, 'functions', name, 'handler.ts'), 'utf8');
      // Each of these begins the log with the invocation; so does a handler of its own kind itself.
      const begins =
        /\b(?:apiHandler|busConsumer|batchConsumer|fifoWorker)\b|\blog\.begin\(context\)/;
      expect(begins.test(text) || !/\b(?:wireTelemetry|log)\b/.test(text)).toBe(true);
    },
  );
});

describe('tracing', () => {
  const modesOf = (stack: Template) =>
    new Set(
      [...stack.functions().values()].map(({ properties }) => properties.TracingConfig?.Mode),
    );

  it('is on where a stage asks for it, through the gateway and the functions', () => {
    for (const stack of [prod, synthesize('alice', { tracing: 'on' })]) {
      expect(modesOf(stack)).toEqual(new Set(['Active']));
      expect(stack.only('AWS::ApiGateway::Stage').Properties.TracingEnabled).toBe(true);
    }
  });

  it('is off otherwise', () => {
    expect(modesOf(alice)).toEqual(new Set([undefined]));
    expect(alice.only('AWS::ApiGateway::Stage').Properties.TracingEnabled).toBe(false);
  });
});
