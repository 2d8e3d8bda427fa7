// How far pullmedic may go by itself.

export const modes = ['observe', 'approve', 'act'] as const;

export type Mode = (typeof modes)[number];
