import { render } from 'preact';
import { App } from './app.tsx';
import { openFeed } from './client/feed.ts';
import { readSession } from './client/session.ts';
import { sentenceFor } from './parts/use-resource.ts';

const page = document.getElementById('page');
if (page !== null) {
  readSession().then(
    (session) => render(<App session={session} feed={openFeed()} />, page),
    (error: unknown) => render(<p role="alert">{sentenceFor(error)}</p>, page),
  );
}
