import type { Routes } from '../context.ts';
import { activityRoutes } from './activity.ts';
import { branchMergeRoutes } from './branch-merges.ts';
import { branchRoutes } from './branches.ts';
import { collaboratorRoutes } from './collaborators.ts';
import { commitRoutes } from './commits.ts';
import { contentRoutes } from './contents.ts';
import { emptyRepositoryRoutes } from './empty-repository.ts';
import { forkRoutes } from './forks.ts';
import { gitDataRoutes } from './git-data.ts';
import { repositoryRoutes } from './repositories.ts';
import { tarballRoutes } from './tarball.ts';

/** Repositories and the code in them. */
export const codeRoutes: Routes = (app, sandbox) => {
  const families = [
    repositoryRoutes,
    collaboratorRoutes,
    forkRoutes,
    branchRoutes,
    branchMergeRoutes,
    activityRoutes,
    tarballRoutes,
    emptyRepositoryRoutes,
    gitDataRoutes,
    commitRoutes,
    contentRoutes,
  ];
  for (const addRoutes of families) addRoutes(app, sandbox);
};
