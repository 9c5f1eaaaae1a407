import type { Routes } from '../context.ts';

/** Placeholder until the routes are written. */
export const collaborationRoutes: Routes = () => undefined;
