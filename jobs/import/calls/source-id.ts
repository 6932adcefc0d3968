import { compileText, type PlaceOf } from '../format/field-reader';
import type { CallFormat } from '../format/schema';
import { LineRejection } from '../line-rejection';

/** Completes the id by when the call began (0.1 s since the epoch), who called and who was called. */
export type RecordId = (started_at: number, caller: string, called: string) => string;

/**
 * What tells a call from all others. A switch counts its ids anew after a restart, or gives one to several calls: then
 * start and numbers belong to it. A record without an id is known by all that it says.
 */
export function compileId({ id, id_alone }: CallFormat, placeOf: PlaceOf): (fields: string[]) => RecordId {
  const parts = id.map((value) => compileText([value], placeOf));
  const name = typeof id[0] === 'string' ? id[0] : 'id';
  const [first = compileText([], placeOf), ...others] = parts;
  return (fields) => {
    const text = first(fields);
    if (id_alone) {
      if (text === '') throw new LineRejection(`${name}: empty`);
      const alone = others.length === 0 ? text : parts.map((part) => part(fields)).join(' ');
      return () => alone;
    }
    if (text === '') return () => fields.join('\0');
    return (...rest) => [...parts.map((part) => part(fields)), ...rest].join(' ');
  };
}
