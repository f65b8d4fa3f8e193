"""The labels of system_profiler in other languages of macOS, back to its English ones.

Those that reports in German, Chinese, Japanese and French were seen to have; what is not here stays as it is printed.
"""

from __future__ import annotations

_TRANSLATED = {
    # German
    "Modellname": "Model Name",
    "Modell-Identifizierung": "Model Identifier",
    "Prozessortyp": "Processor Name",
    "Prozessorname": "Processor Name",
    "Gesamtanzahl der Kerne": "Total Number of Cores",
    "Speicher": "Memory",
    "Systemversion": "System Version",
    "Kernel-Version": "Kernel Version",
    "Chipsatz-Modell": "Chipset Model",
    "Chipsatzmodell": "Chipset Model",
    "Typ": "Type",
    "Hersteller": "Vendor",
    "Geräte-ID": "Device ID",
    "VRAM (gesamt)": "VRAM (Total)",
    "VRAM (dynamisch, maximal)": "VRAM (Dynamic, Max)",
    "Metal-Familie": "Metal Family",
    "Metal-Unterstützung": "Metal Support",
    # Chinese
    "型号名称": "Model Name",
    "型号标识符": "Model Identifier",
    "处理器名称": "Processor Name",
    "芯片": "Chip",
    "核总数": "Total Number of Cores",
    "内存": "Memory",
    "系统版本": "System Version",
    "芯片组型号": "Chipset Model",
    "类型": "Type",
    "总线": "Bus",
    "供应商": "Vendor",
    "设备ID": "Device ID",
    "VRAM(总计)": "VRAM (Total)",
    "VRAM(动态,最大值)": "VRAM (Dynamic, Max)",
    "Metal支持": "Metal Support",
    # Japanese
    "機種名": "Model Name",
    "機種ID": "Model Identifier",
    "プロセッサ名": "Processor Name",
    "チップ": "Chip",
    "コアの総数": "Total Number of Cores",
    "メモリ": "Memory",
    "システムのバージョン": "System Version",
    # French
    "Nom du modèle": "Model Name",
    "Identifiant du modèle": "Model Identifier",
    "Nom du processeur": "Processor Name",
    "Puce": "Chip",
    "Nombre total de cœurs": "Total Number of Cores",
    "Mémoire": "Memory",
    "Version du système": "System Version",
}
_WIDE = {0xFF1A: ":", 0xFF08: "(", 0xFF09: ")", 0xFF0C: ","}
_LONGEST = 400
_BUILT_IN = ("Integriert", "内建")


def in_english(line: str) -> str:
    """The line with its label in English: `Gesamtanzahl der Kerne: 8` → `Total Number of Cores: 8`; any other stays as it is."""
    if len(line) > _LONGEST:
        return line
    label, colon, value = (line if line.isascii() else line.translate(_WIDE)).partition(":")
    name = label.strip(" \t\u00a0*-|>")
    known = _TRANSLATED.get(name, name)
    value = value.strip()
    built_in = known == "Bus" and value in _BUILT_IN
    if not colon or (known == name and not built_in and name != "Metal"):
        return line
    return f"{known}: {'Built-In' if built_in else value}"
