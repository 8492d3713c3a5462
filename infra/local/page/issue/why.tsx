import type { Explanation, Gate, MatchedRule } from '../client/types.ts';
import { ownerName, ownerValue } from '../parts/owner-select.tsx';

/**
 * Why an issue has its owner, drawn from left to right: the rules that match and the frame that
 * each of them found, the gates that an event passes, and who owns it.
 */
export function Why({ explanation }: { readonly explanation: Explanation }) {
  const { rules, winner, gates, assignee } = explanation;
  return (
    <section aria-labelledby="why">
      <h2 id="why">Why</h2>
      <div class="why">
        <div class="why-part">
          <h3>Rules that match</h3>
          {rules.length === 0 ? (
            <p>No rule matches what is known of its latest event.</p>
          ) : (
            <ol>
              {rules.map((rule) => (
                <RuleItem key={rule.rank} rule={rule} isWinner={rule.rule === winner?.rule} />
              ))}
            </ol>
          )}
          <Suggested explanation={explanation} />
        </div>
        <div class="why-part">
          <h3>Gates, as the next event meets them</h3>
          <ol>
            {gates.map((gate) => (
              <GateItem key={gate.gate} gate={gate} />
            ))}
          </ol>
        </div>
        <div class="why-part">
          <h3>Owner</h3>
          <p class="owner">{ownerName(assignee)}</p>
          <p>
            {winner === null ? (
              'No rule names an owner.'
            ) : (
              <>
                Its rule: <code>{winner.rule}</code>
              </>
            )}
          </p>
        </div>
      </div>
    </section>
  );
}

function RuleItem({ rule, isWinner }: { readonly rule: MatchedRule; readonly isWinner: boolean }) {
  return (
    <li class={isWinner ? 'winner' : undefined}>
      <code>{rule.rule}</code>
      {isWinner ? <strong> decides</strong> : null}
      {rule.excluded ? ' takes the owner away' : null}
      <span class="beside">
        {sourceOf(rule.source)}, {frameOf(rule)}, names{' '}
        {rule.owners
          .map(({ actor, identifier }) => (actor ? ownerName(actor) : identifier))
          .join(', ') || 'nobody'}
      </span>
    </li>
  );
}

const sourceOf = (source: string) =>
  source === 'codeowners' ? 'of CODEOWNERS' : 'of the ownership rules';

function frameOf({ frameIndex, frame }: MatchedRule): string {
  if (frameIndex === null) {
    return 'by the event itself';
  }
  const where = frame?.filename ?? frame?.module ?? 'a frame without a name';
  return frameIndex === 0
    ? `by ${where}, where the error is`
    : `by ${where}, ${frameIndex} calls above the error`;
}

function Suggested({ explanation }: { readonly explanation: Explanation }) {
  const { owners, rules, assignee } = explanation;
  const actors = [...rules.flatMap((rule) => rule.owners.map(({ actor }) => actor)), assignee];
  const names = new Map(actors.map((actor) => [ownerValue(actor), ownerName(actor)]));
  return owners.length === 0 ? null : (
    <>
      <h3>Suggested owners</h3>
      <ul>
        {owners.map(({ type, owner, rule }) => (
          <li key={`${type} ${owner} ${rule}`}>
            {names.get(owner ?? '') ?? owner}
            {rule === null ? '' : ', by '}
            {rule === null ? null : <code>{rule}</code>}
          </li>
        ))}
      </ul>
    </>
  );
}

function GateItem({ gate: { gate, stopped, detail } }: { readonly gate: Gate }) {
  return (
    <li class={stopped ? 'stopped' : 'passed'}>
      <strong>
        {gate}: {stopped ? 'stops' : 'passes'}
      </strong>
      <span class="beside">{detail}</span>
    </li>
  );
}
