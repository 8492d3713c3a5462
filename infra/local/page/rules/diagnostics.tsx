import type { Diagnostic } from '../client/ownership.ts';

type DiagnosticsProps = {
  readonly diagnostics: readonly Diagnostic[];
  readonly onGo: (line: number, column: number) => void;
};

/** What is wrong with the rules, each with a way to it; of files beside them, in words only. */
export function Diagnostics({ diagnostics, onGo }: DiagnosticsProps) {
  return (
    <section aria-labelledby="diagnostics" aria-live="polite">
      <h2 id="diagnostics">
        {diagnostics.length === 0 ? 'Nothing is wrong' : `Wrong: ${diagnostics.length}`}
      </h2>
      <ul class="diagnostics">
        {diagnostics.map((diagnostic) => {
          const { source, line, column, message, suggestion } = diagnostic;
          return (
            <li key={`${source} ${line} ${column} ${message}`}>
              {source === 'ownership' ? (
                <button type="button" onClick={() => onGo(line, column)}>
                  Line {line}, column {column}
                </button>
              ) : (
                `${source}, line ${line}`
              )}{' '}
              {message}
              {suggestion === null ? null : <span class="beside">Perhaps {suggestion}</span>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
