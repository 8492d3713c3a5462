import { useEffect, useRef, useState } from 'preact/hooks';
import { previewRules, type SavedRules, saveRules } from '../client/ownership.ts';
import { usePage } from '../parts/context.ts';
import { Failure } from '../parts/status.tsx';
import { useChanges } from '../parts/use-feed.ts';
import { sentenceFor, useResource } from '../parts/use-resource.ts';
import { Diagnostics } from './diagnostics.tsx';
import { PreviewPane } from './preview-pane.tsx';
import { offsetOf } from './text-position.ts';

/** While somebody types, nothing is previewed. */
const TYPING_MS = 300;

type EditorProps = {
  readonly project: string;
  readonly saved: SavedRules;
  readonly onReload: () => void;
};

/** The text of the rules; beside it what is wrong with it, and what a save would do. */
export function Editor({ project, saved, onReload }: EditorProps) {
  const { connection, announce } = usePage();
  const field = useRef<HTMLTextAreaElement>(null);
  const [{ ownership, etag }, setSaved] = useState(saved);
  const [raw, setRaw] = useState(ownership.raw ?? '');
  const [failure, setFailure] = useState<string>();
  const typed = useDelayed(raw, TYPING_MS);
  const changes = useChanges();
  const preview = useResource(
    (signal) => previewRules(connection, project, { raw: typed, signal }),
    [project, typed, changes],
  );
  const isChanged = raw !== (ownership.raw ?? '');

  const save = async () => {
    setFailure(undefined);
    try {
      setSaved(await saveRules(connection, project, { raw, etag }));
      announce(`The rules of ${project} are saved.`);
    } catch (error) {
      setFailure(sentenceFor(error));
    }
  };
  const goTo = (line: number, column: number) => {
    const at = offsetOf(raw, line, column);
    field.current?.focus();
    field.current?.setSelectionRange(at, at);
  };

  return (
    <div class="rules">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <label class="above">
          Rules, one a line
          <textarea
            ref={field}
            rows={14}
            spellcheck={false}
            value={raw}
            aria-describedby="rules-help"
            onInput={({ currentTarget }) => setRaw(currentTarget.value)}
          />
        </label>
        <p id="rules-help" class="beside">
          <code>path:src/* #team</code>, <code>module:app.cart bob@acme.io</code>,{' '}
          <code>url:*checkout* #team</code>, <code>tags.release:1.* #team</code>. The rule whose
          frame is nearest the error decides, and on one frame the later line. Auto-assignment:{' '}
          {ownership.autoAssignment}.
        </p>
        <button type="submit" disabled={!isChanged}>
          Save
        </button>{' '}
        <button type="button" onClick={onReload}>
          Read again
        </button>
        <Failure sentence={failure} />
      </form>
      <div>
        <Failure sentence={preview.failure} />
        <Diagnostics
          diagnostics={preview.value?.diagnostics ?? ownership.diagnostics}
          onGo={goTo}
        />
        <PreviewPane preview={preview.value} isBusy={preview.isLoading || raw !== typed} />
      </div>
    </div>
  );
}

/** A value as it was when it last stayed the same for a while. */
function useDelayed<T>(value: T, ms: number): T {
  const [delayed, setDelayed] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setDelayed(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return delayed;
}
