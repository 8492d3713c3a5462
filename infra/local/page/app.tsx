import { useCallback, useMemo, useState } from 'preact/hooks';
import type { Connection } from './client/api.ts';
import type { Feed } from './client/feed.ts';
import type { Session } from './client/session.ts';
import { FlowView } from './flow/flow-view.tsx';
import { IssueView } from './issue/issue-view.tsx';
import { IssuesView } from './issues/issues-view.tsx';
import { Page } from './parts/context.ts';
import { Header } from './parts/header.tsx';
import { useRoute } from './parts/use-route.ts';
import type { Route } from './routes.ts';
import { RulesView } from './rules/rules-view.tsx';
import { SetupView } from './setup/setup-view.tsx';

/** The page: who asks on top, what was done last below, and one view between them. */
export function App({ session, feed }: { readonly session: Session; readonly feed: Feed }) {
  const route = useRoute();
  const [connection, setConnection] = useState<Connection>({
    token: session.tokens[0]?.token ?? '',
    organization: '',
  });
  const [sentence, setSentence] = useState('');
  const announce = useCallback((next: string) => setSentence(next), []);
  const context = useMemo(() => ({ connection, feed, announce }), [connection, feed, announce]);
  return (
    <Page.Provider value={context}>
      <button class="skip" type="button" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <Header
        session={session}
        connection={connection}
        onChoose={setConnection}
        view={route.view}
      />
      <main id="main" tabIndex={-1}>
        {connection.organization === '' ? (
          <p>Choose a token and an organization.</p>
        ) : (
          <View route={route} key={`${connection.token} ${connection.organization}`} />
        )}
      </main>
      <footer>
        <p role="status">{sentence}</p>
      </footer>
    </Page.Provider>
  );
}

function View({ route }: { readonly route: Route }) {
  switch (route.view) {
    case 'issues':
      return <IssuesView query={route.query} />;
    case 'issue':
      return <IssueView id={route.id} key={route.id} />;
    case 'rules':
      return <RulesView project={route.project} />;
    case 'flow':
      return <FlowView />;
    case 'setup':
      return <SetupView />;
  }
}
