import { z } from 'zod';
import type { Dependency, GateSpec } from '../../domain/gate-spec.ts';
import { checkConstraint } from '../check-text.ts';
import { list, section, text } from '../schema-parts.ts';

const name = text(200);

const dependency = z.union(
  [
    name,
    section({
      application: name.meta({ description: 'Name of the application.', examples: ['cart'] }),
      version: text(200, checkConstraint)
        .optional()
        .meta({
          description:
            'What its version must meet, as in `allow`. Without it, it must hold what the environment before holds.',
          examples: ['>=1.4'],
        }),
    }),
  ],
  { error: 'write the name of an application, or { application, version }' },
);

export const after = z
  .union([dependency, list(dependency, 20)], {
    error: 'write the name of an application, { application, version }, or a list of them',
  })
  .meta({
    description: 'Passes when these applications are there: they go first.',
    examples: ['database', [{ application: 'cart', version: '>=1.4' }]],
  });

export function toAfter(written: z.infer<typeof after>): GateSpec {
  const all = Array.isArray(written) ? written : [written];
  return { kind: 'after', dependencies: all.map(toDependency) };
}

function toDependency(written: z.infer<typeof dependency>): Dependency {
  return typeof written === 'string'
    ? { application: written, version: null }
    : { application: written.application, version: written.version ?? null };
}
