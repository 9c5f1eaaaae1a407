import { z } from 'zod';
import { actingUser, requireRepository } from '../access.ts';
import type { RouteContext, Routes } from '../context.ts';
import { bodyOf } from '../route-input.ts';

const Body = z.object({
  event_type: z.string().min(1).max(100),
  client_payload: z
    .record(z.string(), z.unknown())
    .refine((value) => Object.keys(value).length <= 10, { error: 'No more than 10 properties are allowed.' })
    .default({}),
});

/** https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event */
export const dispatchRoutes: Routes = (app, sandbox) => {
  app.post('/repos/:owner/:repo/dispatches', async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'write'], role: 'write' });
    const body = await bodyOf(c, Body);
    sandbox.emit('repository_dispatch', {
      repository,
      sender: actingUser(c),
      action: body.event_type,
      payload: { branch: repository.defaultBranch, client_payload: body.client_payload },
    });
    return c.body(null, 204);
  });
};
