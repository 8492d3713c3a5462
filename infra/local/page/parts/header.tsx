import { useEffect } from 'preact/hooks';
import type { Connection } from '../client/api.ts';
import { listOrganizations } from '../client/directory.ts';
import type { Session } from '../client/session.ts';
import type { Route } from '../routes.ts';
import { Failure } from './status.tsx';
import { TokenChoice } from './token-choice.tsx';
import { useResource } from './use-resource.ts';

type HeaderProps = {
  readonly session: Session;
  readonly connection: Connection;
  readonly onChoose: (connection: Connection) => void;
  readonly view: Route['view'];
};

const views: readonly (readonly [string, string, readonly Route['view'][]])[] = [
  ['#/issues', 'Issues', ['issues', 'issue']],
  ['#/rules', 'Rules', ['rules']],
  ['#/flow', 'Flow', ['flow']],
  ['#/setup', 'Send errors', ['setup']],
];

/** Where one can go, and who asks: a token of the stack, and an organization that it reaches. */
export function Header({ session, connection, onChoose, view }: HeaderProps) {
  return (
    <header>
      <a class="brand" href="#/issues">
        <img src="/_local/icon.svg" alt="" width="24" height="24" /> Baton
      </a>
      <nav aria-label="Views">
        <ul>
          {views.map(([href, name, shown]) => (
            <li key={href}>
              <a href={href} aria-current={shown.includes(view) ? 'page' : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <ConnectionChoice session={session} connection={connection} onChoose={onChoose} />
    </header>
  );
}

function ConnectionChoice({ session, connection, onChoose }: Omit<HeaderProps, 'view'>) {
  const { token, organization } = connection;
  const { value, failure } = useResource(
    // Without a token there is nothing to ask.
    async (signal) => (token === '' ? [] : listOrganizations(token, signal)),
    [token],
  );
  const slugs = value?.map(({ slug }) => slug) ?? [];
  useEffect(() => {
    const [first] = slugs;
    if (first !== undefined && !slugs.includes(organization)) {
      onChoose({ token, organization: first });
    }
  }, [value]);
  return (
    <form class="session" aria-label="Who asks" onSubmit={(event) => event.preventDefault()}>
      <TokenChoice
        tokens={session.tokens}
        token={token}
        onChoose={(next) => onChoose({ token: next, organization: '' })}
      />
      <label>
        Organization{' '}
        <select
          value={organization}
          onChange={({ currentTarget }) => onChoose({ token, organization: currentTarget.value })}
        >
          {value?.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Failure sentence={failure} />
    </form>
  );
}
