import type { RouteContext, SandboxContext } from '../context.ts';
import type { GraphObject } from './execute.ts';

/** Does one thing, and gives its payload. @throws GraphError */
export type Mutation = (
  c: RouteContext,
  sandbox: SandboxContext,
  args: Record<string, unknown>,
) => Promise<GraphObject>;
