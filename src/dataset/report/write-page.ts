import { LineFile } from '../line-file';
import { requireOther } from '../require-other';
import { FILE_PAGE, reportPage } from './page/report-page';
import type { Report } from './report';

/**
 * Writes a report on the data file at `path` as one HTML file that needs nothing else; it is there when it is whole, or not at
 * all. Throws `DataError`, as where that would take the place of the data file or of its edits.
 */
export async function writePage(report: Report, path: string, to: string, language = 'en'): Promise<void> {
  await requireOther(path, to);
  const file = await LineFile.create(to);
  try {
    await file.add(reportPage(report, { ...FILE_PAGE, language }).trimEnd());
    await file.finish();
  } finally {
    await file.discard();
  }
}
