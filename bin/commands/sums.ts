import type { Command } from 'commander';
import { checkSummaries, rebuildSummaries, type SummaryDifference } from '../../models/call/call-sums';
import { addCommand, formatCount, type Report } from './output';

const MAX_SHOWN = 20;

/** `meisai sums …` */
export function addSumsCommands(program: Command, report: Report): void {
  const group = program.command('sums').description('the monthly sums that the pages read');

  addCommand(group, 'check', 'compare the sums with the calls').action(async () => {
    const differences = await checkSummaries();
    const summary =
      differences.length === 0
        ? 'The sums agree with the calls'
        : [
            ...formatDifferences(differences),
            `${formatCount(differences.length, 'difference')}: run meisai sums rebuild`,
          ].join('\n');
    report({ summary, json: { differences }, status: differences.length === 0 ? 0 : 1 });
  });

  addCommand(group, 'rebuild', 'make the sums anew from the calls').action(async () => {
    const differences = await rebuildSummaries();
    const summary = [
      ...formatDifferences(differences),
      `Rebuilt: ${formatCount(differences.length, 'difference')} put right`,
    ].join('\n');
    report({ summary, json: { differences } });
  });
}

const formatDifferences = (differences: SummaryDifference[]): string[] =>
  differences.slice(0, MAX_SHOWN).map(({ table, ...values }) => {
    const texts = Object.entries(values).map(([name, value]) => `${name} ${value}`);
    return `${table}: ${texts.join(', ')}`;
  });
