// Judges the restarts of a run by the rung of the ladder of retries that each of them stands for.

/** A restart that pullmedic announced before it asked Azure for it. `rung`: absent where it stands for none, as a new revision does. */
interface Announced {
  readonly by: 'restart' | 'new-revision';
  readonly revision: string;
  readonly rung?: number;
}

/**
 * What is wrong with the restarts of one app. `made`: how many Azure was asked for. Each restart has an announcement of its own, so a restart
 * that was made twice on one announcement shows, and so do two announcements for one rung of one revision.
 */
export function restartViolations(made: number, announced: readonly Announced[]): string[] {
  const restarts = announced.filter(({ by }) => by === 'restart');
  const ofRung = Map.groupBy(
    restarts.filter(({ rung }) => rung !== undefined),
    ({ revision, rung }) => `rung ${rung} of ${revision}`,
  );
  const repeated = [...ofRung].filter(([, on]) => on.length > 1);
  return [
    ...(made > restarts.length ? [`restarts: ${restarts.length} were announced, and ${made} were made`] : []),
    ...repeated.map(([name, on]) => `restarts on ${name}: expected at most 1, seen ${on.length}`),
  ];
}
