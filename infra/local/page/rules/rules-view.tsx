import { listProjects } from '../client/directory.ts';
import { readRules } from '../client/ownership.ts';
import { usePage } from '../parts/context.ts';
import { Heading } from '../parts/heading.tsx';
import { Failure } from '../parts/status.tsx';
import { useResource } from '../parts/use-resource.ts';
import { rulesHref } from '../routes.ts';
import { Editor } from './editor.tsx';

/** The rules of a project, which say who owns its issues. */
export function RulesView({ project }: { readonly project: string | undefined }) {
  const { connection } = usePage();
  const projects = useResource((signal) => listProjects(connection, signal), [connection]);
  const chosen = project ?? projects.value?.[0]?.slug;
  return (
    <>
      <Heading title="Rules" />
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          Project{' '}
          <select
            value={chosen ?? ''}
            onChange={({ currentTarget }) => {
              location.hash = rulesHref(currentTarget.value);
            }}
          >
            {projects.value?.map(({ slug, name }) => (
              <option key={slug} value={slug}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </form>
      <Failure sentence={projects.failure} />
      {chosen === undefined ? null : <ProjectRules key={chosen} project={chosen} />}
    </>
  );
}

function ProjectRules({ project }: { readonly project: string }) {
  const { connection } = usePage();
  const saved = useResource((signal) => readRules(connection, project, signal), [project]);
  return (
    <>
      <Failure sentence={saved.failure} />
      {saved.value === undefined ? null : (
        // Rules that were read again begin the editor anew.
        <Editor
          key={saved.value.etag ?? ''}
          project={project}
          saved={saved.value}
          onReload={saved.reload}
        />
      )}
    </>
  );
}
