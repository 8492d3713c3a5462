import { listKeys, listProjects } from '../client/directory.ts';
import type { Project } from '../client/types.ts';
import { usePage } from '../parts/context.ts';
import { Heading } from '../parts/heading.tsx';
import { Failure } from '../parts/status.tsx';
import { useResource } from '../parts/use-resource.ts';

/** What a program of Node does; those of other languages do the like. */
const SNIPPET = `import * as Sentry from '@sentry/node';
Sentry.init({ dsn: '...' });
throw new Error('the basket is empty');`;

/** Where the SDKs of one's own programs send their errors. */
export function SetupView() {
  const { connection } = usePage();
  const projects = useResource((signal) => listProjects(connection, signal), [connection]);
  return (
    <>
      <Heading title="Send errors" />
      <p>
        Point the SDK of a program at the DSN of a project, and throw: the issue arrives in the list
        by itself, and a rule of the project gives it to its owner.
      </p>
      <pre>{SNIPPET}</pre>
      <Failure sentence={projects.failure} />
      {projects.value?.map((project) => (
        <ProjectDsn key={project.id} project={project} />
      ))}
    </>
  );
}

function ProjectDsn({ project: { slug, name } }: { readonly project: Project }) {
  const { connection } = usePage();
  const keys = useResource((signal) => listKeys(connection, slug, signal), [connection, slug]);
  const dsn = keys.value?.find(({ isActive }) => isActive)?.dsn.public;
  const id = `dsn-${slug}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{name}</h2>
      <Failure sentence={keys.failure} />
      {keys.value !== undefined && dsn === undefined ? <p>The project has no active key.</p> : null}
      {dsn === undefined ? null : (
        <label class="wide">
          DSN <input readOnly value={dsn} onFocus={({ currentTarget }) => currentTarget.select()} />
        </label>
      )}
    </section>
  );
}
