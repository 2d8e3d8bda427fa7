// What a registry tells Event Grid: an image was pushed or deleted.

import { guidFor } from '../model/ids.ts';
import { manifestType } from '../model/images.ts';
import type { RegistryEvent } from '../model/records.ts';
import type { Sim } from '../model/sim.ts';

function dataOf(sim: Sim, event: RegistryEvent, id: string): unknown {
  const { registry, repository, digest, tag, size } = event;
  const pushed = event.type === 'ImagePushed';
  return {
    id,
    timestamp: new Date(sim.scheduler.now()).toISOString(),
    action: pushed ? 'push' : 'delete',
    target: {
      mediaType: manifestType,
      digest,
      repository,
      ...(size === undefined ? {} : { size, length: size }),
      ...(tag === undefined ? {} : { tag }),
    },
    request: {
      id: guidFor(`request|${id}`),
      host: registry.loginServer,
      method: pushed ? 'PUT' : 'DELETE',
      useragent: pushed ? 'docker/27.3.1' : 'AZURECLI/2.66.0',
    },
  };
}

/** One event as the subscription's schema writes it. A push has the subject `repository:tag`, a deletion `repository`. */
export function wireRegistryEvent(sim: Sim, event: RegistryEvent): unknown {
  const { registry, repository, tag } = event;
  const id = guidFor(`event|${sim.seed}|${registry.id}|${event.type}|${event.digest}|${sim.scheduler.now()}`);
  const type = `Microsoft.ContainerRegistry.${event.type}`;
  const subject = tag === undefined ? repository : `${repository}:${tag}`;
  const time = new Date(sim.scheduler.now()).toISOString();
  const data = dataOf(sim, event, id);
  if (sim.world.eventGrid === 'cloud-events')
    return { id, source: registry.id, specversion: '1.0', type, subject, time, data };
  return {
    id,
    topic: registry.id,
    subject,
    eventType: type,
    eventTime: time,
    data,
    dataVersion: '1.0',
    metadataVersion: '1',
  };
}
