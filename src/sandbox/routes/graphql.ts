import { z } from 'zod';
import { actingUser, authorize, findRepository } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { answerDocument, type GraphAnswer, GraphError, type GraphObject } from '../graphql/execute.ts';
import { pullById } from '../graphql/input.ts';
import { MUTATIONS } from '../graphql/mutations.ts';
import { actorObject, pullObject, repositoryObject } from '../graphql/objects.ts';
import { bodyOf } from '../route-input.ts';
import type { Repository } from '../state.ts';

const Body = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/**
 * The little of GraphQL for which GitHub has no REST: merge queues, auto-merge, review threads, drafts.
 * Problems are told in the body of a 200: https://docs.github.com/en/graphql/guides/forming-calls-with-graphql
 */
export const graphqlRoutes: Routes = (app, sandbox) => {
  app.post('/graphql', async (c: RouteContext) => {
    if (c.get('actor').kind === 'anonymous')
      throw new GitHubError(401, 'This endpoint requires you to be authenticated.');
    return c.json(await answer(c, sandbox, await bodyOf(c, Body)));
  });
};

function answer(c: RouteContext, sandbox: SandboxContext, body: z.output<typeof Body>): Promise<GraphAnswer> {
  const { query, variables, operationName } = body;
  return answerDocument(
    { query, variables: variables ?? {}, operationName: operationName ?? null },
    { query: queryRoot(c, sandbox), mutation: mutationRoot(c, sandbox) },
  );
}

function mutationRoot(c: RouteContext, sandbox: SandboxContext): GraphObject {
  const fields = Object.fromEntries(
    Object.entries(MUTATIONS).map(([name, mutation]) => [
      name,
      (args: Record<string, unknown>) => mutation(c, sandbox, args),
    ]),
  );
  return { type: 'Mutation', fields };
}

function queryRoot(c: RouteContext, sandbox: SandboxContext): GraphObject {
  return {
    type: 'Query',
    fields: {
      viewer: () => actorObject(sandbox, actingUser(c).login),
      repository: ({ owner, name }: Record<string, unknown>) =>
        repositoryObject(sandbox, readable(c, sandbox, String(owner), String(name))),
      node: ({ id }: Record<string, unknown>) => {
        const found = pullById(c, sandbox, id, { permission: ['pull_requests', 'read'] });
        return pullObject(sandbox, found.repository, found.pull);
      },
    },
  };
}

function readable(c: RouteContext, sandbox: SandboxContext, owner: string, name: string): Repository {
  const repository = findRepository(sandbox.state, owner, name);
  try {
    if (repository) {
      authorize(sandbox, c.get('actor'), repository, { permission: ['metadata', 'read'] });
      return repository;
    }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
  }
  throw new GraphError('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
}
