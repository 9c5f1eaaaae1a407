import { known, unknown } from '../../src/domain/gates/gate.ts';
import type { GitHost } from '../../src/promotion/ports/host.ts';
import { makeMemoryDeployments } from './deployments.ts';
import { makeMemoryIssues } from './issues.ts';
import { makeMemoryReader } from './reader.ts';
import type { Memory } from './state.ts';
import { makeMemoryWriter } from './writer.ts';

/** The ports of the use cases on a GitHub in memory. It remembers nothing between two questions. */
export function makeMemoryHost(memory: Memory): GitHost {
  const opened = {
    ...makeMemoryReader(memory),
    ...makeMemoryWriter(memory),
    ...makeMemoryIssues(memory),
    ...makeMemoryDeployments(memory),
  };
  return {
    open: async () => opened,
    builds: { readLatestBuild: async () => known(null) },
    sources: { recall: () => null, readChanges: async () => unknown('there are no sources here') },
    whyAway: async () => null,
  };
}
