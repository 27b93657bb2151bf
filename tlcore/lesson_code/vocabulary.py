"""The names that shown code uses, with a column per language. Portuguese ones are the lecture's wherever it has one.

A language is written as a page's address has it: "pt-BR". One without a column reads the English names.
"""

from __future__ import annotations

from collections.abc import Mapping

#: English name -> Portuguese name; what both languages call alike is not renamed.
_PORTUGUESE = {
    # the lecture's own
    "base_model": "rna_base",
    "model": "rna",
    "train_images": "train_imagens",
    "val_images": "val_imagens",
    "test_images": "test_imagens",
    "history": "historico",
    # images
    "data": "dados",
    "photos": "fotos",
    "photo": "foto",
    "variants": "variantes",
    "variant": "variante",
    "number": "numero",
    "images": "imagens",
    "chosen": "escolhidas",
    "per_class": "por_classe",
    "class_folders": "pastas_das_classes",
    "read_folder": "le_pasta",
    "folder": "pasta",
    "files": "arquivos",
    "file": "arquivo",
    "split": "parte",
    # networks
    "new_base": "nova_base",
    "new_model": "nova_rna",
    "dense_model": "rna_densa",
    "whole_model": "rna_completa",
    "large": "grande",
    "small": "pequena",
    "units": "unidades",
    "first_layer": "primeira_camada",
    "first_layers": "primeiras_camadas",
    "name": "nome",
    "initializer": "inicio",
    # training
    "train_model": "treina",
    "unfreeze": "descongela",
    "rate": "taxa",
    "falling_rate": "taxa_que_cai",
    "epochs": "epocas",
    "fine_tuning_epochs": "epocas_sintonia",
    "times": "vezes",
    "epoch": "epoca",
    "accuracies": "exatidoes",
    "fine_tuning_history": "historico_sintonia",
    "class_counts": "contagem",
    "class_weights": "pesos",
    "early_stopping": "parada",
    "test_loss": "perda",
    "test_accuracy": "exatidao",
    "train_accuracy": "train_exatidao",
    "val_accuracy": "val_exatidao",
    "val_loss": "val_perda",
    "train_loss": "train_perda",
    "figure": "figura",
    # what a network looks at
    "colour": "cor",
    "boxes": "caixas",
    "top": "topo",
    "left": "esquerda",
    "bottom": "baixo",
    "right": "direita",
    "thing_covered": "sem_coisa",
    "background_covered": "sem_fundo",
    # answers
    "run": "treino",
    "trained_model": "rna_treinada",
    "probabilities": "probabilidades",
    "probability": "probabilidade",
    "answer": "resposta",
    "answers": "respostas",
    "heatmap": "mapa",
    # features
    "output": "saida",
    "features_model": "rna_features",
    "channel_maps": "mapas",
    "order": "ordem",
    "strength": "forca",
    "channel": "canal",
    "points": "pontos",
    "names": "nomes",
    "neighbours": "vizinhos",
    "distances": "distancias",
    "summary": "resumo",
    # the museum's
    "weights_before": "pesos_antes",
    "statistics_before": "estatisticas_antes",
    "weight": "peso",
    "pairs": "pares",
    "before": "antes",
    "now": "agora",
    "moved": "mudanca",
    "num_trained": "tensores_treinados",
    "first_loss": "perda_inicial",
    "last_loss": "perda_final",
    "camera_images": "imagens_da_camera",
    "pens": "canetas",
    "ink": "tinta",
    "written": "escritas",
    "words": "palavras",
    "phone_file": "arquivo_do_celular",
    "image": "imagem",
    "used_features": "features_em_uso",
    "used_loss": "perda_em_uso",
    "used_accuracy": "exatidao_em_uso",
    "outputs": "saidas",
    "spread": "espalhamento",
    "gap": "desvio",
    "unclear": "indefinidas",
    "class_names": "nomes_das_classes",
    "right_names": "nomes_certos",
    "index": "indice",
    "series": "sequencia",
    "shift": "desloca",
    "scene": "cena",
    "in_test": "no_teste",
    "photo_features": "foto_features",
}

#: Names of files, which stand in quotes.
_PORTUGUESE_FILES = {
    "photos": "fotos",
    "photo.jpg": "foto.jpg",
    "project.zip": "projeto.zip",
}

_NAMES = {"pt-BR": _PORTUGUESE}
_FILES = {"pt-BR": _PORTUGUESE_FILES}


def names_in(language: str) -> Mapping[str, str]:
    """English name -> the name in `language`; empty where all are English."""
    return _NAMES.get(language, {})


def files_in(language: str) -> Mapping[str, str]:
    """English name of a file -> its name in `language`; empty where all are English."""
    return _FILES.get(language, {})
