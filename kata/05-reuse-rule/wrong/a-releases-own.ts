// Believed: whoever knows the release knows its rule.
// Rejected by: importing
import { releaseNamed } from "sim";

export const byMapcount = releaseNamed("4.14").era.wpCanReuse;
export const byPageCount = releaseNamed("5.10").era.wpCanReuse;
export const byExclusive = releaseNamed("6.1").era.wpCanReuse;
