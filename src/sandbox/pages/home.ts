import { html } from 'hono/html';
import type { RouteContext, Routes } from '../context.ts';
import { repositoryLink, show } from './layout.ts';
import { STYLE } from './style.ts';
import { maySee } from './viewer.ts';

/** The repositories that whoever looks may see. */
export const homePages: Routes = (app, sandbox) => {
  app.get('/', (c: RouteContext) => {
    const repositories = [...sandbox.state.repositories.values()].filter((one) => maySee(c, sandbox, one));
    const content = html`<p class="quiet">A local GitHub. Choose above who you are; there are no passwords.</p>
<ul>${repositories.map((one) => html`<li>${repositoryLink(one)}${one.private ? ' (private)' : ''}</li>`)}</ul>`;
    return show(c, sandbox, { title: 'Repositories', content });
  });
  app.get('/-/style.css', (c) => c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
};
