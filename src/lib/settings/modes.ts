// The modes: how far pullmedic may go without a person.

export const modes = ['observe', 'approve', 'act'] as const;

export type Mode = (typeof modes)[number];
