"""The labels of lscpu in the languages that util-linux is translated into (its catalogues of 2.38 and 2.42), back to its English ones.

Only what is read of lscpu, and what tells its output from others; a label that is here in no language stays as it is printed.
"""

from __future__ import annotations

TRANSLATED = {
    "Architecture": (
        *("البنية", "Architektura", "Arkitektur", "Architektur", "Arquitectura", "Arhitektura", "アーキテクチャ", "არქიტექტურა"),
        *("아키텍처", "Architectuur", "Arquitetura", "Arhitectura", "Архитектура", "Mimari", "Архітектура", "Kiến trúc", "架构", "架構"),
    ),
    "Byte Order": (
        *("ترتيب البايت", "Pořadí bajtů", "Byterækkefølge", "Byte-Reihenfolge", "Orden de los bytes", "Tavujärjestys", "Boutisme"),
        *("Poredak bajtova", "バイト順序", "ბაიტების რიგი", "바이트 순서", "Bytevolgorde", "Kolejność bajtów", "Ordem de byte"),
        *("Ordem dos bytes", "Ordinea octeților", "Порядок байт", "Редослед бајтова", "Byteordning", "Bayt Sıralaması"),  # noqa: RUF001 - Turkish
        *("Порядок байтів", "Thứ tự Byte", "字节序"),
    ),
    "CPU op-mode(s)": (
        *("أوضاع تشغيل وحدة المعالجة", "Operační režim(y) CPU", "Op-tilstande for CPU", "CPU Operationsmodus", "CPUaren op-modua(k)"),
        *("modo(s) de operación de las CPUs", "Mode(s) opératoire(s) des processeurs", "Modo(s) OP da CPU", "Op-mod(ovi) CPU-a"),
        *("CPU op-mode", "CPU 操作モード", "CPU 동작 모드", "CPU-modus(sen)", "Tryb(y) pracy CPU", "Modos de operação da CPU"),
        *("Modo(s) operacional da CPU", "Moduri de operare procesor", "Оп-режим(и) процесора", "CPU op-läge(n)", "İşlemci işlem-kipi"),
        *("Режими ЦП", "Chế độ thao tác CPU", "CPU 运行模式", "CPU 作業模式"),
    ),
    "CPU(s)": (
        *("وحدات المعالجة", "Počet CPU", "CPU'er", "Processeur(s)", "CPU(-a)", "CPU", "CPU's", "CPU-uri", "Процесори", "CPU(er)"),
        *("İşlemciler",),
    ),
    "On-line CPU(s) list": (
        *("قائمة وحدات المعالجة المتصلة", "Seznam zapnutých CPU", "Tilkoblet cpu(er) liste", "Liste der Online-CPU(s)"),
        *("Lista de la(s) CPU(s) en línea", "Liste de processeur(s) en ligne", "Popis online CPU-a", "オンラインになっている CPU のリスト"),
        *("온라인 CPU 목록", "Online CPU's-lijst", "Lista aktywnych CPU", "Lista das CPUs online", "Lista de CPU(s) on-line"),
        *("Lista CPU-urilor în linie (conectate)", "Списак присутних процесора", "Lista över aktiva CPU(er)"),
        *("Çevrimiçi işlemci(ler) listesi", "Список робочих ЦП", "Danh sách CPU trực tuyến", "在线 CPU 列表"),
    ),
    "Vendor ID": (
        *("معرف البائع", "ID výrobce", "Leverandør-id", "Anbieterkennung", "ID de fabricante", "Fabrikatzailearen IDa", "ID do fabricante"),
        *("Identifiant constructeur", "ID proizvođača", "ID Pembuat", "ベンダー ID", "მომწოდებლის ID", "제조자 ID", "Producent-ID"),
        *("ID producenta", "ID de fornecedor", "Identificatorul producătorului", "ID прроизводителя", "ID производителя"),
        *("ИД произвођача", "Tillverkar-ID", "Sağlayıcı Kimliği", "Ідентифікатор виробника", "ID nhà sản xuất", "厂商 ID", "供應商識別號"),  # noqa: RUF001 - Turkish
    ),
    "Model name": (
        *("اسم الطراز", "Název modelu", "Modelnavn", "Modellname", "Nombre del modelo", "Mallinimi", "Nom de modèle", "Ime modela"),
        *("モデル名", "Მოდელის სახელი", "모델 이름", "Modelnaam", "Nazwa modelu", "Nome do modelo", "Numele modelului", "Имя модели"),
        *("Назив модела", "Modellnamn", "Model adı", "Modem ismi", "Назва моделі", "Tên mô hình", "型号名称"),  # noqa: RUF001 - Turkish
    ),
    "Thread(s) per core": (
        *("خيوط لكل نواة", "Vláken na jádro", "Tråde per kerne", "Thread(s) pro Kern", "Hilo(s) de procesamiento por núcleo"),
        *("Core bakoitzeko hari kopurua", "Thread(s) par cœur", "Dretva po jezgri", "Thread(s) setiap inti", "コアあたりのスレッド数"),
        *("코어 당 스레드", "Draden per kern", "Wątków na rdzeń", "Tópicos por núcleo", "Thread(s) per núcleo"),
        *("Fire de execuție pe nucleu", "Нити по језгру", "Tråd(ar) per kärna", "Çekirdek başına iş parçacığı", "Потоків на ядро"),  # noqa: RUF001 - Turkish
        *("Số tuyến mỗi lõi", "每个核的线程数", "每核心執行緒數"),
    ),
    "Core(s) per socket": (
        *("نوى لكل مقبس", "Jader na patici", "Kerner per sokkel", "Kern(e) pro Sockel", "Kern(e) pro Socket", "Núcleo(s) por «socket»"),
        *("Socket bakoitzeko core kopurua", "Cœur(s) par socket", "Jezgra po podnožju", "Inti setiap soket", "ソケットあたりのコア数"),
        *("소켓 당 코어 수", "Kernen per voet", "Rdzeni na gniazdo", "Núcleos por socket", "Núcleo(s) por soquete", "Nuclee pe soclu"),
        *("Ядер на сокет", "Језгра по прикључници", "Kärn(or) per uttag", "Soket başına çekirdek", "Số lõi mỗi đế cắm", "每个座的核数"),  # noqa: RUF001 - Turkish
        *("每通訊端核心數",),
    ),
    "Core(s) per cluster": (
        *(
            "نوى لكل عنقود",
            "Jader na klastr",
            "Kern(e) pro Cluster",
            "Núcleo(s) por «cluster»",
            "Cœur(s) par cluster",
            "Jezgr(a/e) po klasteru",
        ),
        *(
            "クラスタあたりのコア数",
            "클러스터 당 코어",
            "Kernen per cluster",
            "Rdzeni na klaster",
            "Núcleos por cluster",
            "Núcleo(s) por cluster",
        ),
        *("Nuclee pe cluster", "Језгра по кластеру", "Kärnor per kluster", "Ядер на кластер"),
    ),
    "Socket(s)": (
        *("مقابس", "Patic", "Sokler", "Sockel", "«Socket(s)»", "CPU podnožja", "ソケット数", "소켓", "CPU-voeten", "Gniazd", "Sockets"),
        *("Soquete(s)", "Socluri", "Сокетов", "Прикључнице", "Uttag", "Soket(ler)", "Сокети", "Số đế cắm", "座"),
    ),
    "Cluster(s)": (
        *(
            "عناقيد",
            "Klastrů",
            "Cluster",
            "«Cluster(s)»",
            "Klaster(i)",
            "クラスタ数",
            "클러스터",
            "Clustere",
            "Кластер(и)",
            "Kluster",
            "Кластери",
        ),
    ),
    "Flags": (
        *("أعلام", "Příznaky", "Flag", "Markierungen", "Indicadores", "Liput", "Drapeaux", "Flagovi", "フラグ", "ალმები", "플래그"),
        *("Vlaggen", "Flagi", "Bandeiras", "Opções", "Fanioane", "Флаги", "Опције", "Flaggor", "Bayraklar", "Прапорці", "标记"),
    ),
}
_ENGLISH = {translated: english for english, others in TRANSLATED.items() for translated in others}


def in_english(label: str) -> str:
    """`Kern(e) pro Sockel` → "Core(s) per socket"; what is no label of lscpu's in any language stays as it is."""
    return _ENGLISH.get(label, label)
