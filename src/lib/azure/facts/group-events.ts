// What the events of a container say of its pulls. An event stands once in the list, with the times at which it happened first and last, and
// stays there after the trouble is over. Source: recorded groups of azure-cli's tests, and the events of Microsoft's troubleshooting guide.
import type { LogRow } from '../../evidence/app-facts.ts';
import type { WireContainer, WireEvent } from './group-resource.ts';

/** How far the last pull of the container has come; `undefined` where no event speaks of a pull. */
export function lastPull({ properties }: WireContainer): 'pulling' | 'failed' | 'pulled' | undefined {
  const pulls = (properties.instanceView?.events ?? []).flatMap((event) => {
    const step = stepOf(event);
    return step === undefined ? [] : [{ step, atMs: event.lastTimestamp }];
  });
  // Events of one second have no order: a failure among them counts, because it is no proof that the image is there.
  const lastMs = Math.max(...pulls.map(({ atMs }) => atMs));
  const last = new Set(pulls.filter(({ atMs }) => atMs === lastMs).map(({ step }) => step));
  return (['failed', 'pulled', 'pulling'] as const).find((step) => last.has(step));
}

/** Since when the container pulls; `undefined` where no pull is under way. Each try counts its event up, and moves its last time. */
export function pullsSinceMs(container: WireContainer): number | undefined {
  if (lastPull(container) !== 'pulling') return undefined;
  const begun = (container.properties.instanceView?.events ?? []).filter((event) => stepOf(event) === 'pulling');
  return Math.max(...begun.map(({ lastTimestamp }) => lastTimestamp));
}

/**
 * The events as rows of a log: all since `sinceMs`, and of the older ones the pulls that succeeded, and what failed since then if the container has
 * no image (`hasImage`). An older failure before a pull that succeeded says nothing any more.
 */
export function pullRows({ name, properties }: WireContainer, hasImage: boolean, sinceMs: number): LogRow[] {
  const events = properties.instanceView?.events ?? [];
  const pulledAtMs = Math.max(
    ...events.filter((event) => stepOf(event) === 'pulled').map((event) => event.lastTimestamp),
  );
  const isKept = (event: WireEvent, atMs: number): boolean =>
    atMs >= sinceMs || stepOf(event) === 'pulled' || (!hasImage && atMs > pulledAtMs);
  return events.flatMap((event) =>
    [...new Set([event.firstTimestamp, event.lastTimestamp])]
      .filter((atMs) => isKept(event, atMs))
      .map((atMs) => ({
        atMs,
        revision: name,
        replica: name,
        reason: reasonOf(event),
        severity: event.type ?? '',
        text: (event.message ?? '').slice(0, longestMessage),
      })),
  );
}

/** How much of a message is kept. Characters. */
const longestMessage = 4000;

function stepOf({ name, message }: WireEvent): 'pulling' | 'failed' | 'pulled' | undefined {
  const text = message ?? '';
  switch (name) {
    case 'Pulling':
      return 'pulling';
    case 'Pulled':
      return 'pulled';
    // `Failed` is the name of a start that failed as well, and `BackOff` that of a container that crashes.
    case 'Failed':
      return /pull image|ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName/i.test(text)
        ? 'failed'
        : undefined;
    case 'BackOff':
      return /pulling image/i.test(text) ? 'failed' : undefined;
    default:
      return undefined;
  }
}

/** The reason in the words of the system log of Container Apps, where that has a word for it. */
function reasonOf(event: WireEvent): string {
  switch (stepOf(event)) {
    case 'pulling':
      return 'PullingImage';
    case 'pulled':
      return 'PulledImage';
    case 'failed':
    case undefined:
      return event.name;
  }
}
