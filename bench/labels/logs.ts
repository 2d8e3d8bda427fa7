// A log of the system: 99 of 100 rows are healthy. The sentences are those of Container Apps (test/fixtures/logs); names and numbers vary.

/** A form in which people read a log. */
export type Form = 'json' | 'jsonl' | 'text';

export const forms: readonly Form[] = ['json', 'jsonl', 'text'];

type Sentence = readonly [reason: string, text: (app: string, at: number) => string];

const healthy: readonly Sentence[] = [
  [
    'AssigningReplica',
    (app, at) => `Replica '${app}--0000002-757b67667d-d6zv${at % 10}' has been scheduled to run on a node.`,
  ],
  ['PullingImage', (app, at) => `Pulling image 'contoso.azurecr.io/${app}:v${at % 50}'`],
  [
    'PulledImage',
    (app, at) =>
      `Successfully pulled image "contoso.azurecr.io/${app}:v${at % 50}" in ${(at % 900) / 100}s. Image size: ${49_283_072 + at} bytes.`,
  ],
  ['ContainerCreated', (app) => `Created container '${app}'`],
  ['ContainerStarted', (app) => `Started container '${app}'`],
  ['RevisionReady', (app, at) => `Revision ready: ${app}--${at % 1000}`],
  ['KEDAScalersStarted', (_, at) => `Scaler http-scaler is built ${at % 7}`],
  ['ContainerAppReady', (app, at) => `Running state is ready for ContainerApp ${app} generation ${at}`],
  ['ProbeFailed', (_, at) => `Probe of StartUp failed with status code: ${at % 2}`],
  [
    '',
    (app, at) =>
      `Request finished HTTP/1.1 GET http://${app}/api/orders/${at} - 200 - application/json ${(at % 900) / 10}ms`,
  ],
  ['', (app, at) => `${app} handled message ${at} in ${(at % 900) / 10} ms, queue depth ${at % 40}`],
];

/** As Container Apps and kubelet tell a pull that failed. */
const failed: readonly Sentence[] = [
  [
    'ImagePullUnauthorizedFailure',
    (app, at) => `Failed to pull image "contoso.azurecr.io/${app}:v${at % 50}": unauthorized: authentication required`,
  ],
  ['', (app, at) => `Back-off pulling image "contoso.azurecr.io/${app}:v${at % 50}": ErrImagePull`],
  ['', () => 'Error: ImagePullBackOff'],
];

const apps = ['orders', 'payments-api', 'web', 'albums'] as const;

export interface Row {
  readonly app: string;
  readonly reason: string;
  readonly text: string;
  readonly time: string;
}

/** The row with this number. One of a hundred says that a pull failed. */
export function rowAt(at: number): Row {
  const app = apps[at % apps.length] ?? 'orders';
  const isFailed = at % 100 === 99;
  const [reason, text] = (isFailed
    ? failed[Math.floor(at / 100) % failed.length]
    : healthy[(at * 7) % healthy.length]) ?? ['', () => ''];
  return { app, reason, text: text(app, at), time: new Date(1_700_000_000_000 + at * 137).toISOString() };
}

/** The row as a line of a log in this form. */
function lineOf({ app, reason, text, time }: Row, form: Form, at: number): string {
  switch (form) {
    case 'text':
      return `${time} ${text}`;
    case 'jsonl':
      return JSON.stringify({ id: String(at), text, columns: { Reason_s: reason } });
    case 'json':
      return JSON.stringify({
        TimeGenerated: time,
        ContainerAppName_s: app,
        RevisionName_s: `${app}--0000002`,
        ReplicaName_s: `${app}--0000002-757b67667d-d6zv4`,
        EnvironmentName_s: 'victoriousmushroom-d79e9f76',
        Type_s: 'Normal',
        Reason_s: reason,
        EventSource_s: 'ContainerAppController',
        Log_s: text,
        Count_d: 1,
      });
  }
}

/** The bytes of so many rows, in pieces as a file hands them over. The same pieces come again, so that making them costs nothing. */
export async function* bytesOf(form: Form, rows: number): AsyncGenerator<Uint8Array> {
  const pieces = piecesOf(form);
  for (let read = 0; read < rows; ) {
    for (const piece of pieces) {
      if (read >= rows) return;
      read += rowsOfPiece;
      yield piece;
    }
  }
}

const rowsOfPiece = 200;
const differentPieces = 50;

function piecesOf(form: Form): readonly Uint8Array[] {
  return Array.from({ length: differentPieces }, (_, piece) =>
    Buffer.from(
      Array.from({ length: rowsOfPiece }, (__, row) => {
        const at = piece * rowsOfPiece + row;
        return `${lineOf(rowAt(at), form, at)}\n`;
      }).join(''),
    ),
  );
}
