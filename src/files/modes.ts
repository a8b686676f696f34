/**
 * The permissions of files and folders that are made, before the process's mask takes some away: others may read, and never write,
 * whatever the mask is (containers often have none).
 */
export const FILE_MODE = 0o644;
export const FOLDER_MODE = 0o755;
