// What a file is by its name and media type: its icon, whether it can be looked at here, and whether
// opening it would run something.
import { File, FileArchive, FileAudio, FileCode, FileImage, FileSpreadsheet, FileText, FileVideo, Mail, CalendarDays, type LucideIcon } from "lucide-react";

// What Windows, macOS or Linux start instead of show; after Outlook's list of blocked attachments.
const running = new Set(
  ("ade adp app appimage application appref-ms appx appxbundle asp bas bat bin bundle cer chm cmd cnt com command cpl crt csh deb der desktop diagcab dll dmg exe fxp gadget grp hlp hpj hta htc " +
    "inf ins iso img isp its jar jnlp js jse ksh lnk mad maf mag mam maq mar mas mat mau mav maw mcf mda mdb mde mdt mdw mdz msc msh msh1 msh2 mshxml msi msix msp mst msu ops osd pcd pif pkg pl plg prf prg " +
    "printerexport ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psdm1 psm1 pst py pyc pyo pyw pyz pyzw reg rpm run scf scr sct settingcontent-ms sh shb shs sys theme tmp url vb vbe vbp vbs vhd vhdx vsmacros vsw webpnp website workflow ws wsc wsf wsh xbap xll xnk " +
    "docm dotm xlsm xltm xlam pptm potm ppam ppsm sldm htm html svg xhtml shtml").split(" "),
);

export function extensionOf(filename: string): string {
  const at = filename.lastIndexOf(".");
  // Trailing dots and blanks are dropped by Windows when it chooses a program.
  return at < 0 ? "" : filename.slice(at + 1).replace(/[\s.]+$/, "").toLowerCase();
}

/** Programs, scripts, documents with macros and pages: opening them needs a question. */
export function mayRun(filename: string, mime: string): boolean {
  return running.has(extensionOf(filename.replace(/[\s.]+$/, ""))) || /x-msdownload|x-executable|x-sh\b|javascript|x-elf|x-dosexec/.test(mime);
}

/** Images that the window shows itself. */
export function isPicture(mime: string): boolean {
  return /^image\/(png|jpe?g|gif|webp|avif|bmp)$/i.test(mime);
}

export function iconOf(filename: string, mime: string): LucideIcon {
  const extension = extensionOf(filename);
  if (mime.startsWith("image/")) return FileImage;
  if (mime.startsWith("video/")) return FileVideo;
  if (mime.startsWith("audio/")) return FileAudio;
  if (mime === "message/rfc822" || extension === "eml") return Mail;
  if (mime === "text/calendar" || extension === "ics") return CalendarDays;
  if (/zip|compressed|x-tar|rar|7z/.test(mime) || /^(zip|rar|7z|gz|tar|xz)$/.test(extension)) return FileArchive;
  if (/spreadsheet|excel|csv/.test(mime) || /^(xlsx?|ods|csv)$/.test(extension)) return FileSpreadsheet;
  if (running.has(extension)) return FileCode;
  if (/pdf|word|text|document/.test(mime)) return FileText;
  return File;
}
