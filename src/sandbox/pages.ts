import type { Routes } from './context.ts';

/** Placeholder until the pages are written. */
export const pageRoutes: Routes = () => undefined;
