/**
 * The same function, which computes a value only if the argument differs from the last one. It pays for millions of
 * arguments of which most repeat the one before.
 */
export function rememberLast<Argument, Value>(
  compute: (argument: Argument) => Value,
  first: NoInfer<Argument>,
): (argument: Argument) => Value {
  let last = first;
  let value = compute(first);
  return (argument) => {
    if (argument !== last) {
      value = compute(argument);
      last = argument;
    }
    return value;
  };
}
