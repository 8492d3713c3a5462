import { compilePattern } from '../../../infra/local/driver/events/pattern.ts';
import type { OutgoingEvent } from '../../../shared/operations/outbox/put-events.ts';
import type { Item } from '../../../shared/stores/table.ts';
import { synthesize } from '../../infra/template.ts';

/** What the deployed template does about rows and events. */
export type Aftermath = {
  /** Whether the stream invokes the relay for a row that was put. */
  readonly wakesRelay: (item: Item) => boolean;
  /** The consumers whose queues an event goes to, by function: `syncfanout`. */
  readonly consumersOf: (event: OutgoingEvent) => readonly string[];
};

type MappingFilters = { readonly Filters?: readonly { readonly Pattern: string }[] };

/** Reads the filters of the stream and the rules of the bus from the template of a stage. */
export function readAftermath(): Aftermath {
  const { document } = synthesize('alice');
  const resources = Object.entries(document.Resources);
  const filters = resources
    .filter(([, { Type }]) => Type === 'AWS::Lambda::EventSourceMapping')
    .flatMap(([, { Properties }]) => (Properties.FilterCriteria as MappingFilters)?.Filters ?? [])
    .map(({ Pattern }) => compilePattern(JSON.parse(Pattern), 'Pattern'));
  const rules = resources
    .filter(([, { Type }]) => Type === 'AWS::Events::Rule')
    .map(([id, { Properties }]) => ({
      consumer: id.replace(/rule[0-9A-F]{8}$/, ''),
      matches: compilePattern(Properties.EventPattern, id),
    }));
  if (filters.length === 0 || rules.length === 0) {
    throw new Error('The template has no filter of the stream, or no rule of the bus.');
  }
  return {
    wakesRelay(item) {
      const record = { eventName: 'INSERT', dynamodb: { NewImage: imageOf(item) } };
      return filters.some((matches) => matches(record));
    },
    consumersOf({ type, detail }) {
      const event = { source: 'baton', 'detail-type': type, detail: JSON.parse(detail) };
      return rules.filter(({ matches }) => matches(event)).map(({ consumer }) => consumer);
    },
  };
}

/** As the stream shows it; of what no filter looks into, only that it is there. */
function imageOf(item: Item) {
  const typed = (value: unknown) => {
    switch (typeof value) {
      case 'string':
        return { S: value };
      case 'number':
        return { N: String(value) };
      case 'boolean':
        return { BOOL: value };
      default:
        return { M: {} };
    }
  };
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, typed(value)]));
}
