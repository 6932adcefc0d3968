import type { Command } from 'commander';
import { checkSummaries, rebuildSummaries, type SummaryDifference } from '../../models/call/call-sums';
import { addCommand, countOf, type Finish } from '../output';

const MOST_SHOWN = 20;

/** `meisai summary …` */
export function addSummaryCommands(program: Command, finish: Finish): void {
  const group = program.command('summary').description('the monthly sums that the pages read');

  addCommand(group, 'check', 'compare the sums with the calls').action(
    async ({ json }: { json?: boolean }) => {
      const differences = await checkSummaries();
      const summary =
        differences.length === 0
          ? 'The sums agree with the calls'
          : [
              ...shown(differences),
              `${countOf(differences.length, 'difference')}: run meisai summary rebuild`,
            ].join('\n');
      finish({ summary, json: { differences }, status: differences.length === 0 ? 0 : 1 }, json);
    },
  );

  addCommand(group, 'rebuild', 'make the sums anew from the calls').action(
    async ({ json }: { json?: boolean }) => {
      const differences = await rebuildSummaries();
      const summary = [
        ...shown(differences),
        `Rebuilt: ${countOf(differences.length, 'difference')} put right`,
      ].join('\n');
      finish({ summary, json: { differences } }, json);
    },
  );
}

const shown = (differences: SummaryDifference[]): string[] =>
  differences.slice(0, MOST_SHOWN).map(({ table, ...values }) => {
    const texts = Object.entries(values).map(([name, value]) => `${name} ${value}`);
    return `${table}: ${texts.join(', ')}`;
  });
