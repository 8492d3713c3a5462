import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalPage } from './driver/services/local-api.ts';

/** Where the local stack shows the document of its API. */
const API_PAGE = '/_local/api';

const DOCUMENT = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));

/** What of the viewer's package the page loads. */
const viewerFiles: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>The API of Baton</title>
    <link rel="icon" type="image/png" href="${API_PAGE}/favicon-32x32.png">
    <link rel="stylesheet" href="${API_PAGE}/swagger-ui.css">
  </head>
  <body>
    <div id="api"></div>
    <script src="${API_PAGE}/swagger-ui-bundle.js"></script>
    <script src="${API_PAGE}/begin.js"></script>
  </body>
</html>
`;

/**
 * The pages that show docs/openapi.json, by their path: a viewer from a package, whose calls go to
 * this stack with this token. Nothing of it comes from the network.
 */
export function createApiPages(
  stack: () => { readonly url: string; readonly token: string },
): (path: string) => LocalPage | undefined {
  return (path) => {
    switch (path) {
      case API_PAGE:
        return { type: 'text/html; charset=utf-8', body: page };
      case `${API_PAGE}/begin.js`:
        return { type: 'text/javascript; charset=utf-8', body: beginning(stack().token) };
      case `${API_PAGE}/openapi.json`:
        return { type: 'application/json', body: documentFor(stack().url) };
      default:
        return viewerFile(path);
    }
  };
}

/** Starts the viewer; it would ask a host of its own whether the document is valid. */
function beginning(token: string): string {
  const options = {
    dom_id: '#api',
    url: `${API_PAGE}/openapi.json`,
    validatorUrl: null,
    deepLinking: true,
    docExpansion: 'none',
    filter: true,
    tryItOutEnabled: true,
  };
  return `const options = ${JSON.stringify(options)};
const viewer = SwaggerUIBundle({
  ...options,
  onComplete: () => viewer.preauthorizeApiKey('token', ${JSON.stringify(token)}),
});
`;
}

/** The document, with this stack as the only server. */
function documentFor(url: string): string {
  const document: object = JSON.parse(readFileSync(DOCUMENT, 'utf8'));
  const servers = [{ url: `${url}/api`, description: 'This stack.' }];
  return JSON.stringify({ ...document, servers });
}

function viewerFile(path: string): LocalPage | undefined {
  const name = path.slice(API_PAGE.length + 1);
  const type = Object.hasOwn(viewerFiles, name) ? viewerFiles[name] : undefined;
  if (type === undefined || path !== `${API_PAGE}/${name}`) {
    return undefined;
  }
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return { type, body: readFileSync(join(folder, name)) };
}
