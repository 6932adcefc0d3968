import { compileText, type FindColumn } from '../format/field-reader';
import type { CallFormat } from '../format/schema';
import { LineRejection } from '../line-rejection';

/** Completes the id by when the call began (0.1 s since the epoch), who called and who was called. */
export type SourceId = (started_at: number, caller: string, called: string) => string;

/**
 * What tells a call from all others. A switch counts its ids anew after a restart, or gives one to several calls: then
 * start and numbers belong to it. A record without an id is known by all that it says.
 */
export function compileSourceId(
  { id, id_alone }: CallFormat,
  findColumn: FindColumn,
): (fields: string[]) => SourceId {
  const parts = id.map((value) => compileText([value], findColumn));
  const name = typeof id[0] === 'string' ? id[0] : 'id';
  const [first = compileText([], findColumn), ...others] = parts;
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
