import { wholeScalar } from '../kind.ts';

/** A number among the values of a HelmRelease stays one; versions and refs are strings by their schema. */
export const fluxWriter = wholeScalar({ mayStayTyped: true });
