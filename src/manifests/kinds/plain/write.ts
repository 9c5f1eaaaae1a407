import { wholeScalar } from '../kind.ts';

/** A field may be a number for whoever reads it. */
export const plainWriter = wholeScalar({ mayStayTyped: true });
