// Takes off what terminals and log collectors put around a line: colours, caret codes, odd blanks, and the name of the container.
import { withoutControlCodes } from '../lib/classify/unwrap.ts';
import type { Batches, Line } from './lines.ts';

/**
 * The name of a container in front of its lines: docker compose writes `web-1  | `, docker service logs `web.1.x7@node    | `,
 * `kubectl logs --prefix` writes `[pod/web-6f/app] `. Names are in lower case; the header of a table is not.
 */
const container = /^(?:([a-z0-9][a-z0-9_.-]{0,120}(?:@[\w.-]{1,80})?) {0,60}\| |(\[pod\/[^\]\s]{1,300}\]) )/;

/** The lines as the programs wrote them. An empty line stands where another container goes on, so that their messages stay apart. */
export async function* plainLines(batches: Batches<Line>): AsyncGenerator<readonly Line[]> {
  let before: string | undefined;
  for await (const lines of batches) {
    const plain: Line[] = [];
    for (const { number, text } of lines) {
      const bare = withoutControlCodes(text);
      const [prefix = '', compose, pod] = container.exec(bare) ?? [];
      const name = compose ?? pod;
      if (name !== before) plain.push({ number, text: '' });
      before = name;
      plain.push({ number, text: prefix === '' ? bare : bare.slice(prefix.length) });
    }
    yield plain;
  }
}
